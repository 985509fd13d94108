// data-letter: a form whose words are somebody's work. Whatever would take them off the page asks first.
// data-letter="refused": what stands in it was typed before, and was not sent.
function isWritten(root) {
  const fields = root.querySelectorAll("[data-letter] textarea, [data-letter] input:not([type=hidden])");
  const isRefused = root.querySelector('[data-letter="refused"]') !== null;
  return isRefused || [...fields].some((field) => field.value !== field.defaultValue);
}

document.addEventListener("htmx:confirm", (event) => {
  const { elt, target } = event.detail;
  if (elt.matches("[data-letter]") || !target || !isWritten(target)) return;
  if (window.confirm("Drop the mail that you are writing?")) return;
  event.preventDefault();
  if (elt.matches("[data-letter-start]")) elt.reset();
});

window.addEventListener("beforeunload", (event) => {
  if (isWritten(document)) event.preventDefault();
});
