// A screen without the network asks for its first page until it answers, then shows it.
"use strict";
(() => {
  const home = location.pathname.match(/^\/hall\/\w+\/[^/]+\//)?.[0];
  if (!home) return;
  const ask = async () => {
    try {
      const answer = await fetch(home, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(8000) });
      if (answer.status < 500) {
        location.replace(home);
        return;
      }
    } catch { /* not yet */ }
    setTimeout(ask, 3000);
  };
  ask();
})();
