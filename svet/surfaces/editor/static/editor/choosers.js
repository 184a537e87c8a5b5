// Starts the choosers of days and hours that Wagtail starts by inline scripts, which our policy forbids.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-chooser]").forEach((mark) => {
    window[mark.dataset.chooser](mark.dataset.for, JSON.parse(mark.dataset.config));
  });
});
