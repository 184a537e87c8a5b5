// A table that is typed row after row: Enter goes to the first field of the next row, in the last row it sends the form.
document.querySelectorAll("form[data-rows]").forEach((form) => {
  const first = (row) => row.querySelector("input:not([readonly], [type=hidden], [type=checkbox])");
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("tbody tr");
    if (event.key !== "Enter" || event.isComposing || !row) {
      return;
    }
    const rows = [...form.querySelectorAll("tbody tr")];
    const next = rows.slice(rows.indexOf(row) + 1).find(first);
    if (next) {
      event.preventDefault();
      first(next).focus();
    }
  });
  const wrong = form.querySelector("[aria-invalid=true]");
  const empty = [...form.querySelectorAll("tbody tr")].map(first).find((box) => box && box.value === "");
  (wrong || empty)?.focus();
});
