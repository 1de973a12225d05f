/* Clothes: what to wear next time, and colours to try on what is worn; folds and weave stay. */

import { post } from "../state/service.js";
import { currentLanguage, t, told } from "../state/texts.js";
import { h, step } from "./html.js";

/** A sentence of the advice in this language; the service's own words are English. */
function sentence({ code, named, text }) {
  if (currentLanguage() === "en") return text;
  const names = Object.entries(named).map(([hole, name]) => [hole, told(`cloth.${name}`, name)]);
  return t(`advice.${code}`, Object.fromEntries(names));
}

export class Clothes extends HTMLElement {
  build(studio) {
    this.state = studio;
    this.chips = h("div", { class: "chips", role: "radiogroup", "aria-label": t("clothes.title"), on: { keydown: (e) => step(this.chips, e)?.click() } });
    this.edited = h("p", { class: "reason", role: "status" });
    this.said = h("ul", { class: "about" });
    this.append(h("h2", { text: t("clothes.title") }), h("p", { class: "about", text: t("clothes.about") }), this.chips, this.edited,
      h("details", { class: "fold" }, h("summary", { text: t("clothes.next") }), this.said));
    studio.addEventListener("choice", () => this.show());
    studio.addEventListener("plan", () => this.visible && this.wake(true));
    return this;
  }

  /** Ask what can be tried, once for each frame and ground, while it is in sight. */
  async wake(visible) {
    this.visible = visible;
    const { choice, plan, session } = this.state;
    if (!visible || !choice || !plan) return;
    const { crop, head, place, turn, backdrop } = choice.look;
    const key = JSON.stringify([session.id, session.source, choice.setting, crop, head, place, turn, backdrop]);
    if (key === this.key) return;
    this.key = key;
    try {
      const found = await post(`${this.state.path}/wardrobe`, { setting: choice.setting, look: { ...this.state.lookOf(), garment: "own" } });
      if (this.key === key) this.fill(found);
    } catch (error) {
      this.key = null;
      if (error.code !== "superseded") this.state.fail(error);
    }
  }

  fill({ said, colours, refused }) {
    this.said.replaceChildren(...said.map((each) => h("li", { text: sentence(each) })));
    this.refused = refused;
    const rows = refused ? [] : [{ name: "own", rgb: null }, ...colours];
    this.chips.replaceChildren(...rows.map(({ name, rgb }) => h("button", {
      type: "button", role: "radio", class: "chip", "data-name": name, on: { click: () => this.pick(name) },
    }, rgb ? h("span", { class: "dye", "aria-hidden": "true", style: { background: rgb } }) : null, h("span", { text: told(`cloth.${name}`, name.replaceAll("-", " ")) }))));
    this.show();
  }

  pick(name) {
    const { look, chosen, hand } = this.state.choice;
    const { garment_colour: _, ...rest } = hand;
    const { garment: __, ...fields } = chosen;
    if (name === "own") this.state.change({ look: { ...look, garment: "own" }, chosen: fields, hand: rest });
    else this.state.change({ look: { ...look, garment: name }, chosen: { ...chosen, garment: name }, hand: { ...hand, garment_colour: 1 } });
  }

  show() {
    const now = this.state.choice?.look.garment ?? "own";
    for (const chip of this.chips.children) {
      const on = chip.dataset.name === now;
      chip.setAttribute("aria-checked", String(on));
      chip.tabIndex = on ? 0 : -1;
    }
    if (this.chips.firstChild && !this.chips.querySelector("[tabindex='0']")) this.chips.firstChild.tabIndex = 0;
    this.edited.textContent = this.refused ? t("clothes.refused") : now === "own" ? "" : t("clothes.edited");
    this.chips.hidden = Boolean(this.refused) || !this.chips.children.length;
  }
}
customElements.define("cl-clothes", Clothes);
