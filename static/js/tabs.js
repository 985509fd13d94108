// Tabs that run out of a narrow screen: the current one is brought into view.
function show(root = document) {
  for (const tab of root.querySelectorAll(".lh-tabs > [aria-current]")) {
    const bar = tab.parentElement;
    bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
  }
}

document.addEventListener("DOMContentLoaded", () => show());
document.addEventListener("htmx:afterSettle", (event) => show(event.target));
