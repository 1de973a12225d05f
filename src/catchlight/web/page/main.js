/* The studio's page: its parts are put together here, and nothing else is done. */

import "./parts/dial.js";
import "./parts/slider.js";
import "./parts/numbers.js";
import { brand, button, h } from "./parts/html.js";
import { MOST, Photos, Welcome, listenForPhotos } from "./parts/intake.js";
import { Menu, chooseTheme } from "./parts/menu.js";
import { Panels } from "./parts/panels.js";
import { Save, wordsOf } from "./parts/save.js";
import { Stage } from "./parts/stage.js";
import { Tray } from "./parts/tray.js";
import { Studio } from "./state/studio.js";
import { loadTexts, say, t } from "./state/texts.js";

chooseTheme();
await loadTexts();
const studio = new Studio();
let waking = null;
const welcome = new Welcome();
const stage = new Stage();
const numbers = document.createElement("cl-numbers");
const photos = new Photos();
const panels = new Panels();
const tray = new Tray();
const status = h("p", { class: "status", role: "status" });
const toast = h("div", { class: "toast", role: "alert", hidden: true });

const undo = button(t("undo"), { icon: "undo", shown: false, class: "tool", disabled: true, on: () => studio.undo() });
const redo = button(t("redo"), { icon: "redo", shown: false, class: "tool", disabled: true, on: () => studio.redo() });
const save = button(t("save"), { icon: "save", class: "button primary save", on: () => saving.open() });
const menu = new Menu(studio, { again: () => leave() });
const bar = h("header", { class: "bar" },
  brand(),
  h("div", { class: "bar-tools" }, undo, redo), h("span", { class: "grow" }), menu.root, save);
const room = h("main", { class: "studio", id: "studio", hidden: true }, h("h1", { class: "heard", text: t("stage.name") }), stage, numbers, h("div", { class: "side" }, panels), tray);
const start = h("main", { class: "start", id: "start" }, welcome);
const skip = h("a", { class: "skip", href: "#panel-look", text: t("skip") });
stage.append(status);
document.body.append(skip, bar, start, room, toast,
  h("div", { class: "dropping", "aria-hidden": "true" }, h("p", { text: t("drop.here") })),
  h("div", { id: "said", class: "heard", "aria-live": "polite" }), h("div", { id: "said-now", class: "heard", "aria-live": "assertive" }));
for (const part of [stage, numbers, photos]) part.studio = studio;
const saving = new Save(studio);

/** Show the first page or the studio. */
function arrange() {
  const on = Boolean(studio.session);
  start.hidden = on;
  room.hidden = !on;
  document.body.dataset.place = on ? "studio" : "start";
  for (const each of [undo, redo, save]) each.hidden = !on;
  if (!on) welcome.working(null);
}

async function open(files) {
  const first = !studio.session;
  welcome.working(t("working.reading"));
  say(t("working.reading"));
  try {
    // A photo may be dropped before the page has read what can be chosen.
    await waking?.catch(() => {});
    await studio.open(files.slice(0, MOST));
    arrange();
    if (first || !studio.choice) await begin();
  } catch (error) {
    welcome.working(null);
    if (studio.session) studio.fail(error);
    else welcome.fail(wordsOf(error));
  }
}

async function begin() {
  const source = studio.session.photos.find((photo) => photo.id === studio.session.source);
  say(source?.verdict?.text ?? "");
  await studio.begin(studio.choice?.setting ?? localStorage.getItem("catchlight.setting") ?? "linkedin");
}

async function leave() {
  await studio.forgetAll();
  arrange();
  say(t("forgotten"));
}

function complain(error) {
  const again = error.code === "expired" && studio.files.length;
  toast.replaceChildren(h("p", { text: wordsOf(error) }),
    again ? button(t("again"), { class: "quiet", on: () => { toast.hidden = true; reopen(); } }) : null,
    button(t("close"), { icon: "close", shown: false, class: "tool", on: () => (toast.hidden = true) }));
  toast.hidden = false;
}

async function reopen() {
  const { files, choice, versions, history } = studio;
  await studio.open(files, { quiet: true });
  Object.assign(studio, { choice, versions, history, planKey: null });
  studio.listen();
  studio.tell("session");
  if (choice) studio.after(true);
}

studio.addEventListener("session", arrange);
studio.addEventListener("choice", () => {
  undo.disabled = !studio.history?.past.length;
  redo.disabled = !studio.history?.future.length;
  localStorage.setItem("catchlight.setting", studio.choice.setting);
});
studio.addEventListener("moved", () => begin().catch((error) => studio.fail(error)));
studio.addEventListener("problem", ({ detail }) => complain(detail));
studio.addEventListener("stage", ({ detail }) => {
  const words = t(detail.text_key ?? "");
  status.textContent = studio.busy.size && words !== detail.text_key ? words : "";
});
studio.addEventListener("busy", () => {
  room.toggleAttribute("busy", studio.busy.size > 0);
  if (!studio.busy.size) status.textContent = "";
  else if (!status.textContent) status.textContent = t("working.picture");
});
document.addEventListener("photos", ({ detail }) => open(detail));
document.addEventListener("use", async ({ detail }) => {
  try {
    await studio.use(detail.photo, detail.face);
    await begin();
  } catch (error) {
    studio.fail(error);
  }
});
listenForPhotos(document.body, open);
addEventListener("keydown", (event) => {
  const writing = event.target.matches?.("input[type=number], input[type=text], textarea");
  if (!(event.ctrlKey || event.metaKey) || writing || !studio.history) return;
  const key = event.key.toLowerCase();
  if (key === "z") {
    event.preventDefault();
    if (event.shiftKey) studio.redo();
    else studio.undo();
  } else if (key === "y") {
    event.preventDefault();
    studio.redo();
  } else if (key === "s") {
    event.preventDefault();
    saving.open();
  }
});
addEventListener("pagehide", () => studio.keepNow());

try {
  const back = await (waking = studio.wake());
  panels.build(studio, stage);
  panels.dial.studio = studio;
  tray.build(studio, stage);
  panels.house(tray, room);
  panels.bodies.prepend(photos);
  arrange();
  if (back) {
    if (studio.choice) studio.after(true);
    else await begin();
  }
} catch (error) {
  welcome.fail(wordsOf(error));
}
arrange();
// For those who look at the page from outside: the tests, and whoever is curious in the console.
window.catchlight = { studio, stage };
