// Sets the theme before the first paint; loaded in the head, not as a module, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const device = matchMedia("(prefers-color-scheme: dark)");
  const paper = matchMedia("print"); // paper is white, whatever the screen wears

  function apply() {
    const choice = root.dataset.theme;
    const dark = !paper.matches && (choice === "auto" ? device.matches : choice === "dark");
    const changed = root.dataset.bsTheme !== (dark ? "dark" : "light");
    root.dataset.bsTheme = dark ? "dark" : "light";
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
    if (changed) document.dispatchEvent(new CustomEvent("leadhub:theme"));
  }

  apply();
  device.addEventListener("change", apply);
  paper.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    root.dataset.theme = button.dataset.themeChoice;
    document.cookie = `theme=${button.dataset.themeChoice}; path=/; max-age=31536000; samesite=lax`;
    apply();
  });
})();
