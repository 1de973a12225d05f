/* The frame: which part of the photo is shown; dragged, sized, levelled. */

import { number, t, told } from "../state/texts.js";
import { button, h, step } from "./html.js";

/** Degrees to either side that a horizon is levelled by hand. */
const TURN = 15;

export class FramePanel extends HTMLElement {
  build(studio, stage) {
    this.state = studio;
    this.stage = stage;
    this.crops = h("div", { class: "chips", role: "radiogroup", "aria-label": t("frame.shape"), on: { keydown: (e) => step(this.crops, e)?.click() } },
      studio.schema.crops.map((crop) => h("button", {
        type: "button", role: "radio", class: "chip crop", "aria-checked": "false", tabindex: -1, "data-name": crop.name, on: { click: () => this.pick(crop) },
      }, h("i", { class: "shape", "aria-hidden": "true", style: { "aspect-ratio": String(crop.aspect ?? 1.3) } }), told(`crop.${crop.name}`, crop.title))));
    this.size = this.range("frame.size", 12, 80, (value, done) => studio.choose({ head: value / 100, place: null }, { done }));
    this.level = this.range("frame.level", -TURN * 10, TURN * 10, (value, done) => studio.choose({ turn: value / 10 }, { done }));
    this.moved = h("div", { class: "moves" },
      h("p", { class: "reason", text: t("frame.drag") }),
      h("div", { class: "arrows", role: "group", "aria-label": t("frame.move") },
        [["left", -1, 0], ["up", 0, -1], ["down", 0, 1], ["right", 1, 0]].map(([name, x, y]) => button(t(`frame.${name}`), { class: "quiet", on: () => this.shift(0.03 * x, 0.03 * y) })),
        button(t("frame.closer"), { class: "quiet", on: () => this.scale(0.93) }), button(t("frame.wider"), { class: "quiet", on: () => this.scale(1.07) })));
    this.back = button(t("frame.reset"), { icon: "reset", class: "quiet", on: () => this.reset() });
    this.append(h("h2", { text: t("frame.title") }), this.crops, this.size.root, this.level.root, this.moved, this.back);
    studio.addEventListener("choice", () => this.show());
    studio.addEventListener("plan", () => this.show());
    return this;
  }

  range(key, low, high, act) {
    const id = key.replace(".", "-");
    const figure = h("output", { class: "figure" });
    const input = h("input", {
      type: "range", id, min: low, max: high, step: 1, on: { input: () => act(Number(input.value), false), change: () => act(Number(input.value), true) },
    });
    const root = h("div", { class: "plain-slider" }, h("div", { class: "slider-head" }, h("label", { for: id, text: t(key) }), figure), input);
    return { root, input, figure };
  }

  pick(crop) {
    this.state.choose({ crop: crop.name, head: null, place: null });
  }

  reset() {
    const { chosen, look } = this.state.choice;
    const { crop, head, place, turn, ...rest } = chosen;
    const setting = this.state.settingOf(this.state.choice.setting);
    const fields = { crop: setting.crop.use, head: setting.head.use, place: null, turn: null };
    this.state.change({ look: { ...look, ...fields }, chosen: rest });
  }

  show() {
    const { choice, plan } = this.state;
    if (!choice) return;
    const { crop, head, turn, place } = choice.look;
    for (const each of this.crops.children) {
      const on = each.dataset.name === crop && !place;
      each.setAttribute("aria-checked", String(on));
      each.tabIndex = each.dataset.name === crop ? 0 : -1;
    }
    const size = Math.round(100 * (head ?? 0.42));
    this.size.input.value = size;
    this.size.figure.textContent = `${number(size)} %`;
    this.level.input.value = Math.round((turn ?? 0) * 10);
    this.level.figure.textContent = `${number(turn ?? 0, 1)}°`;
    this.moved.hidden = !plan?.place;
    this.back.hidden = !["crop", "head", "place", "turn"].some((name) => choice.chosen[name] !== undefined && choice.chosen[name] !== null);
  }

  /** While the panel is open, the picture is dragged in its frame. */
  wake(visible) {
    const { view } = this.stage;
    if (!visible) {
      if (view.captured === this) view.captured = null;
      this.stage.removeAttribute("framing");
      return;
    }
    this.stage.toggleAttribute("framing", Boolean(this.state.plan?.place));
    view.captured = this;
    view.fit();
  }

  get active() {
    return this.state.plan?.place && this.stage.mode === "off";
  }

  down(event) {
    if (!this.active || event.button > 0) return false;
    this.from = { x: event.clientX, y: event.clientY };
    this.stage.room.setPointerCapture(event.pointerId);
    return true;
  }

  move(event) {
    if (!this.from) return false;
    const [dx, dy] = [event.clientX - this.from.x, event.clientY - this.from.y];
    this.stage.sheet.style.setProperty("--drag", `${dx}px ${dy}px`);
    return true;
  }

  up(event) {
    if (!this.from) return false;
    const box = this.stage.sheet.getBoundingClientRect();
    const [dx, dy] = [event.clientX - this.from.x, event.clientY - this.from.y];
    this.from = null;
    this.stage.sheet.style.removeProperty("--drag");
    if (Math.hypot(dx, dy) > 3) this.shift(-dx / box.width, -dy / box.height);
    return true;
  }

  /** Move the frame by shares of itself. */
  shift(x, y) {
    const { place } = this.state.plan;
    if (!place) return;
    const [left, top, width, height] = place;
    this.put([left + x * width, top + y * height, width, height]);
  }

  scale(factor) {
    const { place } = this.state.plan;
    if (!place) return;
    const [left, top, width, height] = place;
    const [w, h2] = [width * factor, height * factor];
    this.put([left + (width - w) / 2, top + (height - h2) / 2, w, h2]);
  }

  put(place) {
    this.state.choose({ place: place.map((v) => Math.round(v * 1e4) / 1e4), turn: this.state.plan.turn ?? 0, head: null });
  }
}
customElements.define("cl-frame", FramePanel);
