// data-ticks: a form of rows to tick. data-tick-page ticks the whole page, data-tick-count says how many are.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-ticks]");
  if (!form) return;
  const rows = [...form.querySelectorAll("input[name=lead]")];
  const page = form.querySelector("[data-tick-page]");
  if (event.target === page) for (const row of rows) row.checked = page.checked;
  const ticked = rows.filter((row) => row.checked).length;
  page.checked = ticked === rows.length;
  page.indeterminate = ticked > 0 && ticked < rows.length;
  const isWhole = form.querySelector("[name=whole]").checked;
  form.querySelector("[data-tick-count]").textContent = ticked && !isWhole ? `${ticked} ticked` : "";
});
