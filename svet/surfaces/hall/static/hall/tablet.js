// The tablet asks every second whether a visit has ended. A tap is sent until it arrives; meanwhile the visitor is
// thanked and goes. Without a connection a question is taken away in time: the next visitor must not answer it.
"use strict";
(() => {
  const tablet = document.getElementById("tablet"), lost = document.getElementById("lost");
  const askedFor = Number(tablet.dataset.askedFor) * 1000, toldFor = Number(tablet.dataset.toldFor) * 1000;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  let tag = "", failures = 0, shown = "", away = 0, told = tablet.dataset.told ? performance.now() : -toldFor;

  const show = (name) => { tablet.replaceChildren(document.getElementById(name).content.cloneNode(true)); };
  const tell = (name) => {
    show(name);
    told = performance.now();
    tag = "";
    clearTimeout(away);
  };
  const put = (text) => {
    tablet.innerHTML = text;
    clearTimeout(away);
    const ask = tablet.querySelector("[data-ask]");
    if (ask) {
      if (ask.dataset.ask === shown) show("rest");
      else away = setTimeout(() => { shown = ask.dataset.ask; show("rest"); }, askedFor);
    }
  };

  const ask = async () => {
    const isTold = performance.now() - told < toldFor;
    try {
      const answer = await fetch(tablet.dataset.now, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", signal: AbortSignal.timeout(5000) });
      if (answer.status === 404) location.reload();
      if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
      if (answer.status === 200 && !isTold && performance.now() - told >= toldFor) {
        tag = answer.headers.get("ETag") || "";
        put(await answer.text());
      }
      failures = 0;
      lost.hidden = true;
    } catch {
      failures += 1;
      lost.hidden = failures < 3;
      if (!isTold && !tablet.querySelector("[data-ask], .rest .number")) show("rest");
    }
    setTimeout(ask, Math.min(1000 * 2 ** Math.max(failures - 3, 0), 10000));
  };

  const send = async (body) => {
    for (;;) {
      try {
        const answer = await fetch(location.pathname, { method: "POST", body, signal: AbortSignal.timeout(8000) });
        if (answer.status >= 500) throw new Error(String(answer.status));
        if (!answer.url.endsWith("?thanks")) tell("late");
        return;
      } catch {
        lost.hidden = false;
        await pause(2000);
      }
    }
  };
  tablet.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    shown = form.dataset.ask;
    send(new URLSearchParams(new FormData(form, event.submitter)));
    tell("thanks");
  });
  if (tablet.dataset.told) history.replaceState(null, "", location.pathname);
  setTimeout(ask, 1000);
})();
