// <dialog> by attributes: data-dialog-open="id", data-dialog-close, data-dialog-now (open as soon as it arrives).
function show(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    opener.closest("details.lh-menu")?.removeAttribute("open");
    show(document.getElementById(opener.dataset.dialogOpen));
    return;
  }
  const dialog = event.target.closest("dialog");
  if (dialog && (event.target === dialog || event.target.closest("[data-dialog-close]"))) dialog.close();
});

function showNew(root) {
  for (const dialog of root.querySelectorAll("dialog[data-dialog-now]")) show(dialog);
}

document.addEventListener("DOMContentLoaded", () => showNew(document));
document.addEventListener("htmx:load", (event) => showNew(event.target));
document.addEventListener("leadhub:close-dialogs", () => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
});
