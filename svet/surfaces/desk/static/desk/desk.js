// The desk by keyboard: "/" goes to the search, arrows walk through what it found, Esc clears it.
"use strict";
(() => {
  const box = document.getElementById("top-q");
  const lines = document.getElementById("found-quickly");
  if (!box || !lines) return;
  const links = () => [...lines.querySelectorAll("a")];
  const isField = (element) => element.matches("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !isField(document.activeElement)) {
      event.preventDefault();
      box.focus();
      box.select();
      return;
    }
    const place = [box, ...links()].indexOf(document.activeElement);
    if (place < 0 || !box.form.contains(document.activeElement)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      [box, ...links()][place + step]?.focus();
    } else if (event.key === "Escape") {
      lines.replaceChildren();
      box.focus();
    }
  });

  // What was found goes away with the focus: it must not lie over the page.
  box.form.addEventListener("focusout", (event) => {
    if (!box.form.contains(event.relatedTarget)) lines.replaceChildren();
  });
})();
