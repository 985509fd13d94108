// Menus are <details>: they open without a script. This closes them again, and turns one that would reach over the
// page's left edge to its other side.
document.addEventListener(
  "toggle",
  ({ target: menu }) => {
    if (!menu.open || !menu.matches("details.lh-menu")) return;
    const panel = menu.querySelector(":scope > .lh-menu-panel");
    const edge = menu.closest("main")?.getBoundingClientRect().left ?? 0;
    if (panel?.getBoundingClientRect().left < edge) menu.classList.add("lh-menu-start");
  },
  true, // it does not bubble
);

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.lh-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.lh-menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (location.hash === "#sidebar") {
    location.hash = "";
  }
});
