// data-reorder: its draggable items are dropped into order. The item's own form posts the place as `to`.
const items = (list) => [...list.querySelectorAll(":scope > [draggable=true]")];
let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-reorder] > [draggable=true]") ?? null;
  dragged?.classList.add("is-dragged");
  if (dragged) event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
});

document.addEventListener("dragover", (event) => {
  if (dragged && findTarget(event)) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const target = findTarget(event);
  if (!target) return;
  event.preventDefault();
  const place = document.createElement("input");
  Object.assign(place, { type: "hidden", name: "to", value: String(items(target.parentElement).indexOf(target)) });
  const form = dragged.querySelector("form");
  form.append(place);
  form.submit();
});

function findTarget(event) {
  const target = event.target.closest?.("[data-reorder] > [draggable=true]");
  return dragged && target && target !== dragged && target.parentElement === dragged.parentElement ? target : null;
}
