// data-copy="#id": puts that field's value on the clipboard and says so.
import { showToast } from "./toasts.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value ?? field.textContent);
    showToast("Copied.", "good");
  } catch {
    field.select?.();
    showToast("This browser does not let a page copy. The text is selected; press Ctrl+C.", "warn");
  }
});
