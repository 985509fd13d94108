// Toasts leave by themselves, wait while the pointer is on them, and tell when a request has failed.
const region = () => document.getElementById("toasts");

function schedule(toast) {
  const seconds = Number(toast.dataset.toastSeconds);
  if (!seconds || toast.dataset.scheduled) return;
  toast.dataset.scheduled = "yes";
  let timer = setTimeout(() => toast.remove(), seconds * 1000);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => {
    timer = setTimeout(() => toast.remove(), seconds * 1000);
  });
}

function scheduleAll() {
  for (const toast of document.querySelectorAll("[data-toast-seconds]")) schedule(toast);
}

export function showToast(message, tone = "plain") {
  const template = document.getElementById("toast-template");
  if (!template || !region()) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.classList.add(`lh-tone-${tone}`);
  toast.querySelector("p").textContent = message;
  region().append(toast);
  scheduleAll();
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest(".lh-toast").remove();
});
document.addEventListener("DOMContentLoaded", scheduleAll);
document.addEventListener("htmx:load", scheduleAll);
document.addEventListener("leadhub:toast", (event) => showToast(event.detail.message, event.detail.tone));
document.addEventListener("htmx:sendError", () => {
  showToast("The server does not answer. Nothing was changed; please try again.", "bad");
});
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  const words = {
    403: "You may not do that, or you were logged out in another tab. Reload the page.",
    404: "This is gone. Reload the page to see what is there now.",
    409: "Somebody else changed this meanwhile. Reload the page.",
    429: "That was too quick. Wait a moment and try again.",
    503: "This took too long and was stopped. Ask for less at once, or try again in a minute.",
  };
  showToast(words[status] ?? "That did not work. Nothing was changed; please try again.", "bad");
});
