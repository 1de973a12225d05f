/* Versions: kept, compared side by side, ranked by likeness; and a spread of them on one click. */

import { picture, post } from "../state/service.js";
import { number, say, t, told } from "../state/texts.js";
import { Closely } from "./closely.js";
import { button, h } from "./html.js";
import { sheetHead } from "./sheet.js";

/** A picture that came as a data address, as a blob. */
function openData(address) {
  const [head, body] = address.split(",");
  const bytes = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
  return new Blob([bytes], { type: head.slice(5, head.indexOf(";")) });
}

/** Longer side of a version that is looked at closely, pixels. */
const LARGE = 1200;

/** What a variant chose, but for strengths, which are kept beside. */
function fieldsOf({ adjust: _, ...fields } = {}) {
  return fields;
}

export class Tray extends HTMLElement {
  build(studio, stage) {
    this.state = studio;
    this.stage = stage;
    this.list = h("ul", { class: "versions" });
    this.keepIt = button(t("versions.keep"), { icon: "plus", class: "quiet", on: () => this.keepNow() });
    this.spread = button(t("versions.explore"), { icon: "explore", class: "quiet", on: () => this.explore() });
    this.compare = button(t("versions.compare"), { icon: "compare", class: "quiet", on: () => this.open() });
    this.note = h("p", { class: "soft", role: "status" });
    this.append(h("header", {}, h("h2", { text: t("versions.title") }), h("div", { class: "row" }, this.keepIt, this.spread, this.compare)), this.note, this.list);
    this.sheet = h("dialog", { class: "sheet-dialog wide", "aria-label": t("versions.compare") });
    document.body.append(this.sheet);
    studio.addEventListener("versions", () => this.show());
    studio.addEventListener("numbers", () => this.fillIn());
    studio.addEventListener("variant", ({ detail }) => (this.note.textContent = t("versions.progress", { number: number(detail.number), of: number(detail.of) })));
    this.show();
    return this;
  }

  async keepNow() {
    if (!this.state.plan) return;
    const blob = await this.stage.snapshot(360);
    const { numbers, choice, stale } = this.state;
    const score = (kind) => (stale ? null : numbers?.[kind].score ?? null);
    this.add({ choice, thumb: blob, authenticity: score("authenticity"), polish: score("polish"), name: "" });
    say(t("versions.kept"));
  }

  /** A version that was kept before it was measured gets its numbers when they come. */
  fillIn() {
    const { versions, choice, numbers } = this.state;
    for (const version of versions.filter((each) => each.choice === choice && each.authenticity === null)) {
      version.authenticity = numbers.authenticity.score;
      version.polish = numbers.polish.score;
      this.show();
    }
  }

  add(version) {
    const { versions } = this.state;
    const count = Math.max(0, ...versions.map((each) => each.number)) + 1;
    const added = { number: count, ...version, name: version.name || t("versions.name", { number: number(count) }), id: crypto.randomUUID?.() ?? `${Date.now()}-${count}` };
    versions.push(added);
    this.state.tell("versions");
    this.state.keepSoon();
    return added;
  }

  /** A variant by what is not the setting's own, in words; the service joins them by commas. */
  nameOf({ name }) {
    const words = name.split(", ").map((word) => {
      const own = /^as (\S+) asks$/.exec(word);
      if (own) return t("variant.own", { setting: told(`setting.${own[1]}.title`, this.state.settingOf(own[1])?.title ?? own[1]) });
      return told(`variant.${word.replaceAll(" ", "_")}`, told(`backdrop.${word}`, word));
    });
    const said = words.join(", ");
    return said.charAt(0).toUpperCase() + said.slice(1);
  }

  /** Which wins and what decided it, of versions by the names that they have here; a tie is said. */
  whyOf({ winner, tied, by_polish: byPolish, photos }, names) {
    if (winner === null) return t("versions.why.unknown");
    const name = names[winner];
    const seen = photos > 1 ? t("versions.why.photos", { count: number(photos) }) : t("versions.why.photo");
    if (tied.length === 1) return t("versions.why.one", { name, seen });
    const how = t(byPolish ? "versions.why.polish" : "versions.why.near");
    return t("versions.why.tie", { count: number(tied.length), name, how, seen });
  }

  /** Star the one that wins: the most like the person, or the first of a tie. */
  star(versions, winner, tied) {
    for (const each of this.state.versions) each.rank = each.tie = null;
    versions.forEach((version, at) => Object.assign(version, { rank: at === winner ? 1 : null, tie: at === winner && tied > 1 }));
  }

  drop(version) {
    URL.revokeObjectURL(this.urlOf(version));
    this.urls.delete(version.thumb);
    this.state.versions = this.state.versions.filter((each) => each !== version);
    this.state.tell("versions");
    this.state.keepSoon();
  }

  /** Take a version back: it becomes the choice of now, and undo leads back. */
  take(version) {
    this.state.set(version.choice);
    say(t("versions.taken", { name: version.name }));
  }

  show() {
    const { versions } = this.state;
    this.compare.disabled = versions.length < 2;
    this.toggleAttribute("empty", !versions.length);
    this.list.replaceChildren(...versions.map((version) => this.card(version)));
    if (!versions.length) this.note.textContent = t("versions.none");
    else if (this.note.textContent === t("versions.none")) this.note.textContent = "";
  }

  urlOf(version) {
    this.urls ??= new WeakMap();
    if (!this.urls.has(version.thumb)) this.urls.set(version.thumb, URL.createObjectURL(version.thumb));
    return this.urls.get(version.thumb);
  }

  figures(version) {
    const one = (value) => (typeof value === "number" ? number(Math.round(value)) : "–");
    return h("span", { class: "figures" }, h("span", { title: t("numbers.authenticity"), text: `${t("numbers.a")} ${one(version.authenticity)}` }), h("span", { title: t("numbers.polish"), text: `${t("numbers.p")} ${one(version.polish)}` }));
  }

  card(version) {
    const first = version.rank === 1;
    const star = t(version.tie ? "versions.picked" : "versions.first");
    return h("li", { class: first ? "first" : "" },
      h("button", { type: "button", class: "version", "aria-label": [t("versions.take", { name: version.name }), first ? star : ""].filter(Boolean).join(". "), on: { click: () => this.take(version) } },
        h("img", { src: this.urlOf(version), alt: "" }), first ? h("span", { class: "flag", "aria-hidden": "true", title: star, text: "★" }) : null),
      h("div", { class: "version-foot" }, h("span", { class: "version-name", text: version.name, title: version.name }),
        button(t("versions.drop", { name: version.name }), { icon: "close", shown: false, class: "tiny", on: () => this.drop(version) })),
      this.figures(version));
  }

  /** Fill the tray with a spread of variants. */
  async explore() {
    if (!this.state.choice) return;
    this.spread.disabled = true;
    this.note.textContent = t("versions.exploring");
    try {
      const { choice } = this.state;
      const told_ = await post(`${this.state.path}/explore`, { setting: choice.setting, values: this.state.valuesOf(choice), count: 8 });
      const added = [];
      for (const each of told_.variants) {
        const { adjust, ...look } = each.look;
        const thumb = openData(each.thumbnail);
        // A variant's strengths are its own: none of them follows the dial until it is reset.
        const own = { ...choice, look, chosen: { ...choice.chosen, ...fieldsOf(each.values) }, hand: adjust, polish: each.dial ?? choice.polish };
        added.push(this.add({ choice: own, thumb, authenticity: each.authenticity, polish: each.polish, name: this.nameOf(each) }));
      }
      const winner = told_.winner === null ? null : told_.winner - 1;
      this.star(added, winner, told_.tied.length);
      this.state.tell("versions");
      this.note.textContent = this.whyOf({ ...told_, winner }, added.map((each) => each.name));
    } catch (error) {
      this.note.textContent = "";
      this.state.fail(error);
    } finally {
      this.spread.disabled = false;
    }
  }

  /** Two versions large, in the same crop and moved in step, all others below; and which wins. */
  async open() {
    const versions = [...this.state.versions];
    const note = h("p", { class: "reason", role: "status", text: t("versions.ranking") });
    const { look, setting } = this.state.choice;
    const crop = { crop: look.crop, head: look.head, place: look.place, turn: look.turn };
    const fine = new Map();
    const closely = new Closely();
    const show = (version, side) => {
      closely.show(version, fine.get(version) ?? this.urlOf(version), side);
      for (const each of cards) each.look.setAttribute("aria-pressed", String(closely.isShown(each.version)));
    };
    let touched = false;
    const cards = versions.map((version) => this.compared(version, () => {
      touched = true;
      show(version);
    }));
    const grid = h("div", { class: "comparison" }, cards.map((each) => each.root));
    this.sheet.replaceChildren(sheetHead(this.sheet, t("versions.compare")), note, closely.root, grid);
    this.sheet.addEventListener("close", () => [...fine.values()].forEach((url) => URL.revokeObjectURL(url)), { once: true });
    this.sheet.showModal();
    show(versions[0], 0);
    show(versions[1], 1);
    for (const { version, image } of cards) {
      const wanted = { ...this.state.lookOf(version.choice), ...crop };
      picture(`${this.state.path}/thumbnail`, { look: wanted, longest: LARGE }).then((blob) => {
        if (!this.sheet.open) return;
        fine.set(version, URL.createObjectURL(blob));
        image.src = fine.get(version);
        closely.refine(version, image.src);
      }, () => {});
    }
    try {
      const asked = versions.map(({ choice }) => ({ dial: choice.polish, chosen: Object.keys(choice.chosen).length }));
      const ranked = await post(`${this.state.path}/rank`, { looks: versions.map((version) => this.state.lookOf(version.choice)), setting, asked });
      this.star(versions, ranked.winner, ranked.alike.length);
      if (ranked.winner !== null) {
        // Who looks at others already goes on with them.
        if (!touched) [ranked.winner, ranked.winner === 0 ? 1 : 0].forEach((at, side) => show(versions[at], side));
        const { flag, root } = cards[ranked.winner];
        flag.textContent = "★";
        flag.title = t(ranked.tied ? "versions.picked" : "versions.first");
        flag.hidden = false;
        grid.prepend(root);
      }
      note.textContent = this.whyOf({ ...ranked, tied: ranked.alike }, versions.map((each) => each.name));
      this.state.tell("versions");
      this.state.keepSoon();
    } catch (error) {
      note.textContent = "";
      this.state.fail(error);
    }
  }

  /** A version among those that are compared: a press looks at it closely. */
  compared(version, act) {
    const image = h("img", { alt: "", src: this.urlOf(version) });
    const flag = h("span", { class: "flag", hidden: true });
    const look = h("button", { type: "button", class: "version", "aria-pressed": "false", "aria-label": t("closely.look", { name: version.name }), on: { click: act } }, image, flag);
    const use = button(t("versions.use"), { class: "quiet", on: () => { this.take(version); this.sheet.close(); } });
    const root = h("figure", {}, h("div", { class: "framed" }, look), h("figcaption", {}, h("strong", { text: version.name }), this.figures(version), use));
    return { version, image, flag, look, root };
  }
}
customElements.define("cl-tray", Tray);
