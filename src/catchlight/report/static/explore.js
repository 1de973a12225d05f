const grid = document.querySelector(".variants"), cards = [...grid.children];
const order = document.getElementById("order"), front = document.getElementById("front-only");
const count = document.getElementById("count"), empty = document.querySelector(".none-left");
// Distances count upward, scores downward; what was not measured comes last.
function place(card) {
  const value = parseFloat(card.dataset[order.value]);
  if (Number.isNaN(value)) return Infinity;
  return order.value === "number" || order.value === "likeness" ? value : -value;
}
function arrange() {
  const sorted = [...cards].sort((a, b) => place(a) - place(b) || a.dataset.number - b.dataset.number);
  grid.append(...sorted);
  for (const card of cards) card.hidden = front.checked && card.dataset.front !== "1";
  const shown = cards.filter(card => !card.hidden).length;
  count.textContent = shown + " of " + cards.length + " shown";
  empty.hidden = shown > 0;
}
function compare(end) {
  const chosen = document.getElementById(end), shown = document.getElementById(end + "-shown");
  shown.replaceChildren();
  const card = document.getElementById("v" + chosen.value);
  if (!card) return;
  const caption = document.createElement("figcaption");
  caption.append(card.querySelector("dl").cloneNode(true));
  shown.append(card.querySelector("img").cloneNode(), caption);
}
order.addEventListener("change", arrange);
front.addEventListener("change", arrange);
const won = document.querySelector(".variant.won");
const others = cards.filter(card => card !== won);
document.getElementById("left").value = (won || cards[0]).dataset.number;
if (others.length) document.getElementById("right").value = others[0].dataset.number;
for (const end of ["left", "right"]) {
  document.getElementById(end).addEventListener("change", () => compare(end));
  compare(end);
}
for (const part of document.querySelectorAll(".controls, .compare")) part.hidden = false;
arrange();
