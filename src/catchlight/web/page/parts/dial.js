/* The dial: one arc from authentic to polished, like the ring of a lens. */

import { number, t } from "../state/texts.js";
import { wordOf } from "../state/strengths.js";
import { h, isRtl, svg } from "./html.js";

/** The arc: its middle and radius in the drawing's units, and half the angle that it spans. */
const [X, Y, R, HALF] = [180, 286, 250, 36];
const TICKS = 50;

/** A place of the arc: share 0..1 along it, and a distance from it. */
function place(share, out = 0) {
  const angle = ((-HALF + 2 * HALF * share) * Math.PI) / 180;
  return [X + (R + out) * Math.sin(angle), Y - (R + out) * Math.cos(angle)];
}

function arc(from, to) {
  const [[x0, y0], [x1, y1]] = [place(from), place(to)];
  return `M${x0} ${y0}A${R} ${R} 0 0 1 ${x1} ${y1}`;
}

class Dial extends HTMLElement {
  connectedCallback() {
    if (this.made) return;
    this.made = true;
    this.track = svg("path", { class: "track", d: arc(0, 1) });
    this.run = svg("path", { class: "run" });
    this.ticks = svg("g", { class: "ticks" });
    for (let i = 0; i <= TICKS; i++) {
      const long = i % 5 === 0;
      const [[x0, y0], [x1, y1]] = [place(i / TICKS, 12), place(i / TICKS, long ? 24 : 18)];
      this.ticks.append(svg("line", { x1: x0, y1: y0, x2: x1, y2: y1, class: long ? "long" : "" }));
    }
    this.stopMark = svg("g", { class: "stop" });
    this.homeMark = svg("circle", { class: "home", r: 3 });
    this.knob = svg("circle", { class: "knob", r: 15 });
    this.light = svg("circle", { class: "light", r: 3.2 });
    const drawing = svg("svg", { viewBox: "0 0 360 112", "aria-hidden": "true" }, this.ticks, this.track, this.run, this.stopMark, this.homeMark, this.knob, this.light);
    this.figure = h("output", { class: "figure" });
    this.word = h("span", { class: "word" });
    this.face = h("div", {
      class: "face", role: "slider", tabindex: 0, "aria-label": t("dial.name"), "aria-valuemin": 0, "aria-valuemax": 100, "aria-describedby": "dial-about",
      on: { pointerdown: (e) => this.down(e), pointermove: (e) => this.move(e), pointerup: (e) => this.up(e), pointercancel: (e) => this.up(e), keydown: (e) => this.key(e), dblclick: () => this.reset() },
    }, drawing, h("div", { class: "reading" }, this.figure, this.word));
    this.about = h("p", { class: "about", id: "dial-about" });
    this.append(this.face, h("div", { class: "ends", "aria-hidden": "true" }, h("span", { text: t("dial.authentic") }), h("span", { text: t("dial.polished") })), this.about);
  }

  set studio(studio) {
    this.state = studio;
    studio.addEventListener("choice", () => this.show());
  }

  show() {
    const { choice } = this.state;
    if (!choice) return;
    const { polish, stop, home } = choice;
    this.toggleAttribute("ready", true);
    const percent = Math.round(polish * 100);
    this.run.setAttribute("d", polish > 0.002 ? arc(0, polish) : "");
    const [x, y] = place(polish);
    for (const [name, value] of [["cx", x], ["cy", y]]) this.knob.setAttribute(name, value);
    this.light.setAttribute("cx", x + 4.5);
    this.light.setAttribute("cy", y - 4.5);
    const [hx, hy] = place(home, -13);
    this.homeMark.setAttribute("cx", hx);
    this.homeMark.setAttribute("cy", hy);
    this.stopMark.replaceChildren(...this.drawStop(stop));
    this.toggleAttribute("beyond", typeof stop === "number" && stop < 0.999 && polish > stop + 0.005);
    this.figure.textContent = number(percent);
    const word = t(`dial.word.${wordOf(polish)}`);
    this.word.textContent = word;
    this.face.setAttribute("aria-valuenow", percent);
    this.face.setAttribute("aria-valuetext", t("dial.value", { percent: number(percent), word }));
    this.about.textContent = this.describe();
  }

  drawStop(stop) {
    if (typeof stop !== "number" || stop >= 0.999) return [];
    const [[x0, y0], [x1, y1]] = [place(stop, -9), place(stop, 30)];
    return [svg("line", { x1: x0, y1: y0, x2: x1, y2: y1 })];
  }

  describe() {
    const { stop, polish } = this.state.choice;
    if (typeof stop !== "number") return t("dial.about");
    if (stop >= 0.999) {
      const { home } = this.state.choice;
      return t(polish > home + 0.005 ? "dial.past" : "dial.free", { at: number(Math.round(100 * home)) });
    }
    const at = number(Math.round(stop * 100));
    return polish > stop + 0.005 ? t("dial.beyond", { at }) : t("dial.stop", { at });
  }

  /** The place of the dial under a pointer: from left to right, or right to left. */
  shareAt(event) {
    const box = this.face.getBoundingClientRect();
    const [first] = place(0);
    const inset = (first / 360) * box.width;
    const share = (event.clientX - box.left - inset) / (box.width - 2 * inset);
    const along = isRtl() ? 1 - share : share;
    return Math.min(1, Math.max(0, along));
  }

  down(event) {
    if (event.button > 0 || !this.state.choice) return;
    this.face.setPointerCapture(event.pointerId);
    this.dragging = true;
    this.put(this.shareAt(event), false);
  }

  move(event) {
    if (this.dragging) this.put(this.shareAt(event), false);
  }

  up(event) {
    if (!this.dragging) return;
    this.dragging = false;
    if (event.type === "pointerup") this.put(this.shareAt(event), true);
  }

  put(share, done) {
    this.state.setPolish(Math.round(share * 100) / 100, { done });
  }

  key(event) {
    if (!this.state.choice || event.ctrlKey || event.metaKey || event.altKey) return;
    const { polish } = this.state.choice;
    const forward = isRtl() ? -1 : 1;
    const steps = { ArrowRight: 0.01 * forward, ArrowLeft: -0.01 * forward, ArrowUp: 0.01, ArrowDown: -0.01, PageUp: 0.1, PageDown: -0.1, Home: -1, End: 1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    this.put(Math.min(1, Math.max(0, polish + steps[event.key])), true);
  }

  reset() {
    this.put(this.state.choice.home, true);
  }
}
customElements.define("cl-dial", Dial);
