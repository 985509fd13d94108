// Promised times run on: each [data-due-at] is redrawn while the page stands open.
const STATES = ["calm", "soon", "urgent", "late"];

function words(seconds) {
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  const units = [[days, "d"], [hours, "h"], [minutes, "min"], [Math.floor(seconds) % 60, "s"]];
  const first = Math.max(0, units.findIndex(([count]) => count));
  const shown = seconds < 1 ? [[0, "s"]] : units.slice(first, first + 2).filter(([count]) => count);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

function redraw(clock) {
  const due = Date.parse(clock.dataset.dueAt);
  const started = Date.parse(clock.dataset.startedAt);
  const left = (due - Date.now()) / 1000;
  const share = started < due ? Math.min(1, Math.max(0, (left * 1000) / (due - started))) : 1;
  const state = left <= 0 ? "late" : share <= 0.25 ? "urgent" : share <= 0.5 ? "soon" : "calm";
  clock.classList.remove(...STATES.map((each) => `lh-sla-${each}`));
  clock.classList.add(`lh-sla-${state}`);
  clock.querySelector(".lh-ring-left").setAttribute("stroke-dasharray", `${left <= 0 ? 100 : Math.round(share * 100)} 100`);
  const late = left < -60 ? -left - (-left % 60) : -left; // seconds that run tell nobody how late it is
  clock.querySelector(".lh-sla-text").textContent = left <= 0 ? `${words(late)} late` : words(left);
  clock.title = left <= 0 ? `${words(late)} late` : `${words(left)} left`;
}

setInterval(() => {
  if (document.hidden) return;
  for (const clock of document.querySelectorAll("[data-due-at]")) redraw(clock);
}, 1000);
