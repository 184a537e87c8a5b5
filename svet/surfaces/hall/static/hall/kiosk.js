// The kiosk: a ticket is asked for until it comes (the same key, so it is one ticket), printed, and the next visitor
// finds the first page. A page is left only for one that answers: without a network the browser's own page of an error
// would stay on the screen for good. Without script the same pages work by plain forms.
"use strict";
(() => {
  const self = document.currentScript;
  const home = self.dataset.home, givesUpAfter = 180000;
  const lost = document.getElementById("lost");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  let busy = false;

  const leave = async (address) => {
    if (busy) return;
    busy = true;
    for (;;) {
      try {
        const answer = await fetch(address, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(8000) });
        if (answer.status >= 500) throw new Error(String(answer.status));
        location.assign(address);
        return;
      } catch {
        lost.hidden = false;
        await pause(2000);
      }
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    leave(link.href);
  });

  const pad = document.querySelector("[data-pad]");
  if (pad) {
    const field = document.getElementById(pad.dataset.pad);
    for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "⌫", "0"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = key;
      if (key === "⌫") button.setAttribute("aria-label", "Стереть цифру");
      button.addEventListener("click", () => {
        field.value = key === "⌫" ? field.value.slice(0, -1) : field.value + key;
      });
      pad.append(button);
    }
    pad.hidden = false;
  }

  const form = document.querySelector("form[data-ticket]");
  const send = async (body) => {
    const trouble = form.querySelector("[data-trouble]"), since = performance.now();
    // Whoever asked has gone by then: a ticket would be printed for nobody.
    while (performance.now() - since < givesUpAfter) {
      try {
        const answer = await fetch(form.action || location.href, { method: "POST", body, signal: AbortSignal.timeout(8000) });
        if (answer.status >= 500) throw new Error(String(answer.status));
        if (answer.redirected) {
          trouble.hidden = true;
          busy = false;
          leave(answer.url);
          return;
        }
        document.open();
        document.write(await answer.text());
        document.close();
        return;
      } catch {
        trouble.hidden = false;
        await pause(2000);
      }
    }
    trouble.hidden = true;
    busy = false;
    leave(home);
  };
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const body = new URLSearchParams(new FormData(form, event.submitter));
    form.querySelectorAll("button").forEach((button) => { button.disabled = true; });
    send(body);
  });

  const taken = document.getElementById("taken");
  if (taken) window.print();
  const wait = taken ? JSON.parse(taken.textContent).shown_for : Number(self.dataset.idle);
  if (wait) {
    let timer = 0;
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(() => leave(home), wait * 1000);
    };
    if (!taken) ["pointerdown", "keydown"].forEach((name) => document.addEventListener(name, again));
    again();
  }
})();
