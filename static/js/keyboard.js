// Keys: j and k walk the rows of [data-list], enter opens one, and data-key="x" (or "g q") presses an element.
// A link with data-chooses="row-…" goes to that row when it is on the page.
const OFF = "leadhub:keys-off";
let pending = "";
let forget;

const isTyping = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
const isVisible = (element) => element.getClientRects().length > 0;
const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter(isVisible);
const currentRow = () => document.querySelector("[data-list] [data-row].is-current");

function choose(row) {
  if (!row) return;
  currentRow()?.classList.remove("is-current");
  row.classList.add("is-current");
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  row.dispatchEvent(new CustomEvent("leadhub:row", { bubbles: true }));
}

function step(by) {
  const all = rows();
  const at = all.indexOf(currentRow());
  choose(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
}

function findByKey(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const near = currentRow()?.querySelector(selector);
  return near ?? [...document.querySelectorAll(selector)].find((each) => isVisible(each) || each.tagName === "A");
}

function openMenu(menu) {
  menu.open = !menu.open;
  if (menu.open) menu.querySelector(".lh-menu-item")?.focus();
}

function press(element) {
  if (element.matches("summary")) return openMenu(element.parentElement);
  element.closest("details:not([open])")?.setAttribute("open", "");
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

const moves = {
  j: () => step(1),
  k: () => step(-1),
  Enter: () => (currentRow()?.querySelector("[data-open]") ?? currentRow()?.querySelector("a"))?.click(),
  "?": () => document.getElementById("keys")?.showModal(),
};

function act(key) {
  const combined = pending ? `${pending} ${key}` : key;
  pending = "";
  const element = findByKey(combined);
  if (element) press(element);
  else if (combined in moves) moves[combined]();
  else if (document.querySelector(`[data-key^="${CSS.escape(combined)} "]`)) {
    pending = combined;
    clearTimeout(forget);
    forget = setTimeout(() => (pending = ""), 1200);
    return false;
  } else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  if (localStorage.getItem(OFF) && event.key !== "Enter") return;
  if (act(event.key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const named = document.getElementById(event.target.closest("[data-chooses]")?.dataset.chooses ?? "");
  if (named) {
    event.preventDefault();
    return choose(named);
  }
  const row = event.target.closest("[data-list] [data-row]");
  if (row && row !== currentRow()) {
    currentRow()?.classList.remove("is-current");
    row.classList.add("is-current");
  }
});

document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("keys-on");
  if (!box) return;
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
});
