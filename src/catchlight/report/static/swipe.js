const swipe = document.getElementById("swipe"), cut = document.getElementById("cut");
function show() {
  swipe.style.setProperty("--cut", cut.value + "%");
  cut.setAttribute("aria-valuetext", cut.value + " percent before, from the left");
}
function drag(event) {
  if (event.type === "pointermove" && !event.buttons) return;
  const box = swipe.getBoundingClientRect();
  cut.value = 100 * (event.clientX - box.left) / box.width;
  show();
}
cut.addEventListener("input", show);
swipe.addEventListener("pointerdown", drag);
swipe.addEventListener("pointermove", drag);
show();
