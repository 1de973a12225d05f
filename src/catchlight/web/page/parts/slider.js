/* A slider of one strength: dragged, stepped, typed, and given back by a double click. */

import { number, t, told } from "../state/texts.js";
import { button, h } from "./html.js";

class Slider extends HTMLElement {
  /** Build it for a row of the schema. */
  build(row, studio) {
    this.row = row;
    this.state = studio;
    const title = told(`adjust.${row.name}.title`, row.title);
    const about = told(`adjust.${row.name}.about`, row.about);
    const id = `${row.prefix ?? ""}adjust-${row.name}`;
    const percent = (value) => Math.round(value * 100);
    this.range = h("input", {
      type: "range", id, min: percent(row.low), max: 100, step: 1, "aria-describedby": `${id}-about`,
      on: {
        input: () => this.put(this.range.value, false),
        change: () => this.put(this.range.value, true),
        dblclick: () => this.reset(),
      },
    });
    this.typed = h("input", {
      type: "number", class: "typed", min: percent(row.low), max: 100, step: 1, inputmode: "decimal", "aria-label": t("slider.typed", { title }),
      on: { change: () => this.put(this.typed.value, true) },
    });
    this.back = button(t("slider.reset", { title }), { icon: "reset", shown: false, class: "tiny", on: () => this.reset() });
    this.className = row.low < 0 ? "signed" : "";
    this.append(
      h("div", { class: "slider-head" }, h("label", { for: id, text: title }), this.back, this.typed),
      this.range,
      h("p", { class: "about", id: `${id}-about`, text: about }),
    );
    this.show();
  }

  put(value, done) {
    const wanted = Math.min(100, Math.max(this.row.low * 100, Number(value) || 0));
    this.state.setStrength(this.row.name, Math.round(wanted) / 100, { done });
  }

  reset() {
    if (this.row.name in this.state.choice.hand) this.state.resetStrength(this.row.name);
  }

  show() {
    const { choice } = this.state;
    if (!choice) return;
    const value = Math.round((this.state.strengths[this.row.name] ?? 0) * 100);
    const byHand = this.row.name in choice.hand;
    this.range.value = value;
    if (document.activeElement !== this.typed) this.typed.value = value;
    const { low } = this.row;
    const zero = (-low / (1 - low)) * 100;
    const at = ((value / 100 - low) / (1 - low)) * 100;
    this.style.setProperty("--from", `${Math.min(zero, at)}%`);
    this.style.setProperty("--to", `${Math.max(zero, at)}%`);
    const words = t(byHand ? "slider.hand" : "slider.dial", { value: number(value) });
    this.range.setAttribute("aria-valuetext", words);
    this.toggleAttribute("by-hand", byHand);
    this.back.hidden = !byHand;
  }
}
customElements.define("cl-slider", Slider);
