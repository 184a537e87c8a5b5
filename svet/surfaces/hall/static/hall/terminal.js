// The terminal: digits without a way to the server, the seconds that are left, the way back to the first screen.
// Without the network a visit ends as it should: what was shown is taken off, and the first screen comes when it can.
// Without script the keys are buttons of the form and the server forgets the visitor by its own clock.
"use strict";
(() => {
  // A page brought back from the browser's memory is asked for anew: its visitor may be gone.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const rest = document.querySelector("[data-rest]");
  if (rest) {
    // Nobody is here: what is turned off or on is shown at once, without the flicker of a new page.
    const ask = async () => {
      try {
        const answer = await fetch(rest.dataset.rest, { cache: "no-store" });
        if (answer.ok) {
          const there = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-rest]");
          if (there && there.innerHTML !== rest.innerHTML) rest.innerHTML = there.innerHTML;
        }
      } catch { /* the network will be back */ }
      setTimeout(ask, 3000);
    };
    setTimeout(ask, 3000);
    return;
  }

  const form = document.querySelector("form[data-terminal]");
  const foot = document.querySelector("[data-left]");
  if (!form || !foot) return;
  const home = `${foot.dataset.home}?over`;
  const seconds = foot.querySelector("[data-seconds]"), hurry = form.querySelector("[data-hurry]");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const answers = async (address) => {
    try {
      const answer = await fetch(address, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(8000) });
      return answer.status < 500;
    } catch { return false; }
  };
  const leave = async (address) => {
    going = true;
    if (!(await answers(address))) {
      document.title = "Нет связи";
      document.getElementById("content").innerHTML = '<h1>Нет связи</h1><p class="lead" role="alert">Введённое стёрто. Терминал заработает, когда связь вернётся.</p>';
      do await pause(2000); while (!(await answers(address)));
    }
    location.replace(address);
  };
  const lost = document.getElementById("lost");
  const whole = Number(foot.dataset.left) * 1000;
  const field = document.getElementById("value");
  let until = performance.now() + whole, renewed = performance.now(), going = false, sending = false, asking = null, soon = 0;

  const more = () => {
    clearTimeout(soon);
    renewed = performance.now();
    asking = renew().finally(() => { asking = null; });
  };
  const renew = async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "more");
    try {
      const answer = await fetch(location.href, { method: "POST", body });
      if (going) return;
      if (!answer.ok || new URL(answer.url).pathname !== location.pathname) location.replace(location.href);
      until = performance.now() + 90000;
    } catch { /* the seconds run on: without the server nothing can be done here anyway */ }
  };
  const touched = () => {
    if (performance.now() - renewed > 10000 && !asking && !going) {
      clearTimeout(soon);
      soon = setTimeout(more, 400);
    }
  };
  ["pointerdown", "keydown"].forEach((name) => document.addEventListener(name, touched));

  const tick = () => {
    if (going && !sending) return;
    const left = Math.max(Math.ceil((until - performance.now()) / 1000), 0);
    seconds.textContent = left;
    foot.classList.toggle("hurry", left <= 20);
    const words = left <= 20 ? "Экран скоро закроется. Нажмите «Продолжить», если вы ещё здесь." : "";
    if (hurry.textContent !== words) hurry.textContent = words;
    if (!left) {
      leave(home);
      return;
    }
    setTimeout(tick, 1000);
  };
  tick();

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.dataset.more) {
      event.preventDefault();
      more();
    } else if (button?.name === "key" && field) {
      event.preventDefault();
      if (sending) return;
      field.value = button.value === "erase" ? field.value.slice(0, -1) : (field.value + button.value).slice(0, 20);
    } else if (asking) {
      // Two answers at once could overtake each other on the server.
      event.preventDefault();
      asking.then(() => form.requestSubmit(button));
    } else if (!sending) {
      event.preventDefault();
      clearTimeout(soon);
      sending = going = true;
      form.dataset.sending = "yes";
      answers(location.href).then((there) => {
        lost.hidden = there;
        // What is to be sent goes as the browser sends forms, so that it works the same without script.
        if (there) form.requestSubmit(button);
        else {
          sending = going = false;
          delete form.dataset.sending;
        }
      });
    }
  });
  document.querySelector("a[data-end]").addEventListener("click", (event) => {
    event.preventDefault();
    leave(event.currentTarget.href);
  });
  for (const print of document.querySelectorAll("[data-print]")) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
})();
