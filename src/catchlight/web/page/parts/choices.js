/* Backdrops and lights, as pictures of this very person. */

import { ask, picture } from "../state/service.js";
import { speak, t, told } from "../state/texts.js";
import { h, step } from "./html.js";

/** Longer side of a thumbnail; and how many are asked for at once, so that the rest is not held up. */
const SIDE = 200;
const AT_ONCE = 1;
/** Pictures kept for who comes back to a choice. */
const KEPT = 60;

export class Choices extends HTMLElement {
  build(field, studio) {
    this.field = field;
    this.state = studio;
    this.urls = new Map();
    const rows = field === "backdrop" ? studio.schema.backdrops : studio.schema.lights;
    this.grid = h("div", { class: "thumbs", role: "radiogroup", "aria-label": t(`${field}.title`), on: { keydown: (e) => step(this.grid, e) } },
      rows.map((row) => this.card(row.name, told(`${field}.${row.name}`, row.title), row.hex)));
    this.why = h("p", { class: "reason", "aria-live": "polite" });
    this.append(h("h2", { text: t(`${field}.title`) }), this.grid, this.why);
    if (field === "backdrop") this.append(this.own());
    studio.addEventListener("choice", () => this.show());
    studio.addEventListener("plan", () => this.visible && this.wake(true));
    return this;
  }

  card(name, title, colour = null) {
    const image = h("img", { alt: "", width: 96, height: 120, hidden: true });
    const swatch = h("span", { class: "swatch", "aria-hidden": "true", style: colour ? { background: colour } : {} }, image);
    return h("button", { type: "button", role: "radio", class: "thumb", "aria-checked": "false", tabindex: -1, "data-name": name, on: { click: () => this.pick(name) } }, swatch, h("span", { text: title }));
  }

  /** A colour, or a picture of one's own. */
  own() {
    this.colour = h("input", { type: "color", value: "#8a8f98", on: { change: () => this.pick(this.colour.value) } });
    this.file = h("input", { type: "file", accept: "image/*", class: "heard", on: { change: () => this.bringPicture() } });
    return h("div", { class: "own" },
      h("label", { class: "field" }, h("span", { text: t("backdrop.colour") }), this.colour),
      h("label", { class: "button" }, h("span", { text: t("backdrop.picture") }), this.file));
  }

  async bringPicture() {
    const [file] = this.file.files;
    if (!file) return;
    const form = new FormData();
    form.append("picture", file, file.name);
    try {
      const { name } = await (await ask("POST", `${this.state.path}/backdrops`, { form })).json();
      this.grid.append(this.card(name, file.name.slice(0, 24)));
      this.pick(name);
    } catch (error) {
      this.state.fail(error);
    }
    this.file.value = "";
  }

  pick(name) {
    this.call?.abort();
    const fields = { [this.field]: name === "auto" ? this.autoOf() : name };
    const { hand } = this.state.choice;
    // A pattern of light without strength would do nothing, and nobody would know why.
    const weak = this.field === "light" && name !== "none" && !(this.state.strengths.key_light > 0);
    if (weak) this.state.change({ hand: { ...hand, key_light: 0.6 } }, { done: false });
    this.state.choose(fields);
  }

  show() {
    const { choice } = this.state;
    const now = choice.look[this.field].replace(/^auto:.*/, "auto");
    let any = false;
    for (const card of this.grid.children) {
      const on = card.dataset.name === now;
      any ||= on;
      card.setAttribute("aria-checked", String(on));
      card.tabIndex = on ? 0 : -1;
    }
    if (!any && this.grid.firstChild) this.grid.firstChild.tabIndex = 0;
    if (this.field === "backdrop") {
      speak(this.why, now === "auto" ? choice.backdrop?.why : "");
    } else this.why.textContent = t(`light.${now}.about`);
  }

  /** Fetch thumbnails while they are in sight. */
  async wake(visible) {
    this.visible = visible;
    if (!visible) this.call?.abort();
    if (!visible || !this.state.plan || !this.state.choice) return;
    const round = (this.round = (this.round ?? 0) + 1);
    this.call?.abort();
    this.call = new AbortController();
    const queue = [...this.grid.children];
    const work = async () => {
      while (queue.length && this.round === round && this.visible) await this.draw(queue.shift(), round);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  async draw(card, round) {
    const look = this.state.lookOf();
    const { name } = card.dataset;
    const wanted = { ...look, [this.field]: name === "auto" ? this.autoOf() : name };
    if (this.field === "light" && name !== "none") wanted.adjust = { ...look.adjust, key_light: Math.max(0.6, look.adjust.key_light ?? 0) };
    const key = JSON.stringify([this.state.session.id, this.state.session.source, wanted.crop, wanted.place, wanted.turn, wanted.head, wanted.light, wanted.backdrop]);
    const image = card.querySelector("img");
    try {
      if (!this.urls.has(key)) {
        const blob = await picture(`${this.state.path}/thumbnail`, { look: wanted, longest: SIDE }, { signal: this.call.signal });
        this.urls.set(key, URL.createObjectURL(blob));
        this.thin();
      }
      if (this.round !== round) return;
      image.src = this.urls.get(key);
      image.hidden = false;
    } catch {
      /* the swatch stays */
    }
  }

  /** Give back the addresses of pictures that are shown no more. */
  thin() {
    const shown = new Set([...this.grid.querySelectorAll("img")].map((each) => each.src));
    for (const [key, url] of this.urls) {
      if (this.urls.size <= KEPT) break;
      if (shown.has(url)) continue;
      URL.revokeObjectURL(url);
      this.urls.delete(key);
    }
  }

  autoOf() {
    const said = this.state.settingOf(this.state.choice.setting).backdrop.use;
    return said.startsWith("auto") ? said : "auto";
  }
}
customElements.define("cl-choices", Choices);
