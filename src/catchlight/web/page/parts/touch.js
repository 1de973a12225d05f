/* Retouching by hand: marks on the skin, kept or healed, and a brush for the cut-out. */

import { get } from "../state/service.js";
import { number, say, t } from "../state/texts.js";
import { button, h, svg } from "./html.js";

export class TouchPanel extends HTMLElement {
  build(studio, stage) {
    this.state = studio;
    this.stage = stage;
    this.mode = "none";
    this.radius = 8;
    this.marks = [];
    const toggle = (mode, words, drawn) => button(words, { icon: drawn, class: "quiet", "aria-pressed": "false", on: () => this.setMode(this.mode === mode ? "none" : mode) });
    this.toggle = toggle("marks", t("marks.show"), "circle");
    this.list = h("p", { class: "reason", "aria-live": "polite" });
    this.keep = toggle("keep", t("brush.keep"), "plus");
    this.remove = toggle("remove", t("brush.remove"), "close");
    const size = h("input", { type: "range", id: "brush-size", min: 2, max: 40, value: this.radius, on: { input: () => (this.radius = Number(size.value)) } });
    this.finer = h("input", { type: "checkbox", id: "finer", on: { change: () => studio.choose({ matte: this.finer.checked ? "fine" : "fast" }) } });
    this.clear = button(t("brush.clear"), { icon: "reset", class: "quiet", on: () => studio.choose({ strokes: [] }) });
    this.append(
      h("h2", { text: t("marks.title") }), h("p", { class: "about", text: t("marks.about") }), this.toggle, this.list,
      h("h2", { text: t("brush.title") }), h("p", { class: "about", text: t("brush.about") }),
      h("div", { class: "row" }, this.keep, this.remove),
      h("div", { class: "plain-slider" }, h("div", { class: "slider-head" }, h("label", { for: "brush-size", text: t("brush.size") })), size),
      this.clear,
      h("label", { class: "check", for: "finer" }, this.finer, h("span", { text: t("brush.finer") })),
    );
    this.layer = h("div", { class: "marks" });
    this.drawn = svg("svg", { class: "strokes", "aria-hidden": "true" });
    stage.overlay.append(this.drawn, this.layer);
    studio.addEventListener("choice", () => this.show());
    studio.addEventListener("plan", () => this.load());
    stage.addEventListener("viewed", () => this.drawMarks());
    return this;
  }

  wake(visible) {
    if (!visible && this.mode !== "none") this.setMode("none");
  }

  setMode(mode) {
    this.mode = mode;
    for (const [name, each] of [["marks", this.toggle], ["keep", this.keep], ["remove", this.remove]]) each.setAttribute("aria-pressed", String(mode === name));
    const brushing = mode === "keep" || mode === "remove";
    const { view } = this.stage;
    if (brushing) view.captured = this;
    else if (view.captured === this) view.captured = null;
    this.stage.dataset.hand = mode;
    if (brushing) say(t(`brush.${mode}.on`));
    this.load();
  }

  show() {
    const { strokes = [], matte, backdrop } = this.state.choice.look;
    this.finer.checked = matte === "fine";
    this.clear.hidden = !strokes.length;
    for (const each of [this.keep, this.remove]) each.disabled = backdrop === "keep" || !this.state.plan?.face;
    this.drawMarks();
  }

  /** Ask which marks there are on the skin, once a frame. */
  async load() {
    this.show();
    if (this.mode !== "marks" || !this.state.plan) return this.drawMarks();
    const frame = this.state.plan.frame_key;
    if (this.frame !== frame) {
      try {
        this.marks = await get(`${this.state.path}/marks?frame=${frame}`);
        this.frame = frame;
      } catch (error) {
        this.state.fail(error);
      }
    }
    this.drawMarks();
    const healed = this.marks.filter((mark) => this.isHealed(mark)).length;
    this.list.textContent = this.marks.length ? t("marks.count", { count: number(this.marks.length), healed: number(healed) }) : t("marks.none");
  }

  isHealed(mark) {
    const { keep = [], heal = [], marks } = this.state.choice.look;
    if (keep.includes(mark.id)) return false;
    if (heal.includes(mark.id)) return true;
    return !mark.permanent && marks === "heal-passing";
  }

  drawMarks() {
    if (this.mode !== "marks" || !this.marks.length) {
      this.layer.replaceChildren();
      return;
    }
    const wanted = this.marks.map((mark) => {
      const [x, y, w, height] = mark.box;
      const healed = this.isHealed(mark);
      const words = t(healed ? "marks.healed" : "marks.kept", { kind: t(`mark.${mark.kind}`) });
      return h("button", {
        type: "button", class: `mark ${healed ? "healed" : "kept"}`, "aria-pressed": String(healed), "aria-label": words, title: words, "data-id": mark.id,
        style: { "inset-inline-start": "auto", left: `${100 * (x + w / 2)}%`, top: `${100 * (y + height / 2)}%`, "--mark": `${Math.max(100 * w, 0.5)}` },
        on: { click: () => this.flip(mark) },
      });
    });
    const held = document.activeElement?.dataset?.id;
    this.layer.replaceChildren(...wanted);
    if (held) this.layer.querySelector(`[data-id="${held}"]`)?.focus();
  }

  flip(mark) {
    const { keep = [], heal = [] } = this.state.choice.look;
    const without = (list) => list.filter((id) => id !== mark.id);
    const healed = this.isHealed(mark);
    this.state.choose({ keep: healed ? [...without(keep), mark.id] : without(keep), heal: healed ? without(heal) : [...without(heal), mark.id] });
    say(t(healed ? "marks.kept" : "marks.healed", { kind: t(`mark.${mark.kind}`) }));
  }

  /** From pixels of the picture to millimetres of the face. */
  toFace([x, y]) {
    const { middle, across, px_per_mm: mm } = this.state.plan.face;
    const [dx, dy] = [(x - middle[0]) / mm, (y - middle[1]) / mm];
    const round = (value) => Math.round(value * 10) / 10;
    return [round(dx * across[0] + dy * across[1]), round(-dx * across[1] + dy * across[0])];
  }

  down(event) {
    if (event.button > 0) return false;
    this.stage.room.setPointerCapture(event.pointerId);
    const { width, height, face } = this.state.plan;
    this.points = [this.stage.view.place(event)];
    this.drawn.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.line = svg("polyline", { class: this.mode, "stroke-width": 2 * this.radius * face.px_per_mm });
    this.drawn.append(this.line);
    this.trace();
    return true;
  }

  move(event) {
    if (!this.points) return false;
    this.points.push(this.stage.view.place(event));
    this.trace();
    return true;
  }

  trace() {
    const [first] = this.points;
    const points = this.points.length === 1 ? [first, [first[0] + 0.1, first[1]]] : this.points;
    this.line.setAttribute("points", points.map((p) => p.join(",")).join(" "));
  }

  up() {
    if (!this.points) return false;
    const step = Math.max(1, Math.ceil(this.points.length / 400));
    const points = this.points.filter((_, i) => i % step === 0).map((p) => this.toFace(p));
    this.points = null;
    const line = this.line;
    this.state.addEventListener("plan", () => line.remove(), { once: true });
    this.state.choose({ strokes: [...(this.state.choice.look.strokes ?? []), { kind: this.mode, points, radius: this.radius }] });
    return true;
  }
}
customElements.define("cl-touch", TouchPanel);
