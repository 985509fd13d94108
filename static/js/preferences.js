// The two opt-ins in the bell's menu: a sound, and notices of the browser. The server keeps them for the member.
import { showToast } from "./toasts.js";

const ATTRIBUTES = { sound: "data-sound", notify: "data-notify" };

async function allowNotices() {
  if (!("Notification" in window)) return false;
  return (await Notification.requestPermission()) === "granted";
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-preference]");
  if (!button) return;
  const name = button.dataset.preference;
  const on = button.getAttribute("aria-pressed") !== "true";
  if (on && name === "notify" && !(await allowNotices())) {
    showToast("The browser refuses notices from this site. Allow them in its settings.", "warn");
    return;
  }
  const form = button.closest("form");
  const body = new FormData(form);
  body.set(name, on ? "on" : "off");
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  if (!answer?.ok) {
    showToast("The server did not keep that. Please try again.", "bad");
    return;
  }
  button.setAttribute("aria-pressed", String(on));
  document.body.toggleAttribute(ATTRIBUTES[name], on);
});
