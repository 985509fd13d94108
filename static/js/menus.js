// Menus are <details>: they open without a script. This closes them again.
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
