// What shows the present is not renewed under somebody who fills in a form in it. (A filter in `hx-trigger` would be
// evaluated as a script, which our policy refuses.)
"use strict";
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.target;
  if (part.matches("[data-rests-while-open]") && part.querySelector("details[open]")) event.preventDefault();
});

// The desk by keyboard: "/" goes to the search, arrows walk through what it found, Esc clears it.
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
