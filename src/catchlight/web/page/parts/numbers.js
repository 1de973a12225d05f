/* The two numbers, always in sight, and what they are made of. */

import { address } from "../state/service.js";
import { number, say, spoken, t, told } from "../state/texts.js";
import { button, h, icon } from "./html.js";
import { sayMove } from "./moved.js";
import { sheetHead } from "./sheet.js";

/** How many times an announcement of numbers waits, ms: a screen reader must not chatter. */
const QUIET = 900;

class Numbers extends HTMLElement {
  connectedCallback() {
    if (this.made) return;
    this.made = true;
    this.cards = Object.fromEntries(["authenticity", "polish"].map((kind) => [kind, this.card(kind)]));
    this.moved = h("p", { class: "moved", hidden: true });
    this.append(...Object.values(this.cards).map((card) => card.root), this.moved);
    this.sheet = h("dialog", { class: "sheet-dialog" });
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
    document.body.append(this.sheet);
  }

  card(kind) {
    const figure = h("span", { class: "figure", text: "–" });
    const bar = h("span", { class: "bar", "aria-hidden": "true" }, h("i"));
    const note = h("span", { class: "note" });
    const root = h("button", { type: "button", class: `number ${kind}`, "aria-haspopup": "dialog", on: { click: () => this.open(kind) } },
      h("span", { class: "name", text: t(`numbers.${kind}`) }), figure, bar, note);
    return { root, figure, bar, note };
  }

  set studio(studio) {
    this.state = studio;
    for (const kind of ["choice", "stale"]) studio.addEventListener(kind, () => this.toggleAttribute("stale", studio.stale));
    studio.addEventListener("numbers", () => this.show());
    studio.addEventListener("session", () => studio.numbers || this.empty());
  }

  empty() {
    this.last = this.from = null;
    this.sayMoved("");
    for (const { figure, bar, note } of Object.values(this.cards)) {
      figure.textContent = "–";
      note.textContent = "";
      bar.firstChild.style.inlineSize = "0";
    }
  }

  show() {
    const { numbers } = this.state;
    this.toggleAttribute("stale", this.state.stale);
    for (const kind of ["authenticity", "polish"]) {
      const { score, reason } = numbers[kind];
      const { figure, bar, note, root } = this.cards[kind];
      figure.textContent = score === null ? t("numbers.unknown") : number(Math.round(score));
      figure.classList.toggle("none", score === null);
      bar.firstChild.style.inlineSize = `${score ?? 0}%`;
      note.textContent = this.noteOf(kind);
      root.title = spoken(reason).text;
      root.setAttribute("aria-label", [this.words(kind), note.textContent].filter(Boolean).join(", "));
    }
    this.compare();
    clearTimeout(this.saying);
    const words = [...["authenticity", "polish"].map((kind) => this.words(kind)), this.moved.textContent];
    this.saying = setTimeout(() => say(words.filter(Boolean).join(". ")), QUIET);
  }

  /** Say why Polish moved with the last change; what the service found meanwhile is no change. */
  compare() {
    const { numbers, choice } = this.state;
    const key = JSON.stringify([this.state.lookOf(), choice.setting]);
    const now = { numbers, choice, key };
    // The same choice measured anew, its detail restored meanwhile, is told from the same one before.
    if (this.last && this.last.key !== key) this.from = this.last;
    this.sayMoved(this.from?.choice.setting === choice.setting ? sayMove(this.from, now) : "");
    this.last = now;
  }

  sayMoved(text) {
    this.moved.textContent = text;
    this.moved.hidden = !text;
  }

  noteOf(kind) {
    const { numbers, choice, before } = this.state;
    const { score } = numbers[kind];
    if (score === null) return "";
    if (kind === "authenticity") {
      const floor = this.state.settingOf(choice.setting).authenticity_floor;
      return t(score >= floor ? "numbers.you" : "numbers.lessyou", { floor });
    }
    const was = numbers.polish_before ?? before?.polish_before;
    return typeof was === "number" ? t("numbers.was", { was: number(Math.round(was)) }) : "";
  }

  words(kind) {
    const { score } = this.state.numbers[kind];
    const value = score === null ? t("numbers.unknown") : t("numbers.of100", { score: number(Math.round(score)) });
    return `${t(`numbers.${kind}`)}: ${value}`;
  }

  open(kind) {
    if (!this.state.numbers) return;
    const { score, reason, components } = this.state.numbers[kind];
    const figure = h("span", { class: "figure", text: score === null ? t("numbers.unknown") : number(Math.round(score)) });
    this.costs = h("section", { class: "costs" });
    this.sheet.setAttribute("aria-label", t(`numbers.${kind}`));
    this.sheet.replaceChildren(
      sheetHead(this.sheet, t(`numbers.${kind}`), " ", figure),
      h("p", { text: t(`numbers.${kind}.about`) }),
      h("p", { class: "soft", ...spoken(reason) }),
      h("ul", { class: "components" }, components.map((each) => this.component(kind, each))),
      this.costs,
    );
    this.costs.append(button(t("costs.title"), { class: "quiet", on: () => this.showCosts() }));
    this.sheet.showModal();
  }

  component(kind, each) {
    const percent = each.score === null ? null : Math.round(100 * each.score);
    const title = told(`component.${each.name}`, each.title);
    const verdict = t(`verdict.${each.verdict}`);
    const said = spoken(each.text);
    // The figure is told once: many sentences have it already.
    const figured = each.value !== null && said.text.includes(number(each.value, 2));
    const value = each.value === null || figured ? "" : `${number(each.value, 2)} ${spoken(each.unit, { capital: false }).text}`;
    const row = h("li", { class: `component ${each.verdict}` },
      h("div", { class: "component-head" },
        h("h3", { text: title }),
        h("span", { class: `verdict ${each.verdict}` }, icon(each.verdict === "pass" ? "tick" : each.verdict === "indeterminate" ? "circle" : "warn"), verdict)),
      h("div", { class: "component-bar" },
        h("span", { class: "bar", "aria-hidden": "true" }, h("i", { style: { "inline-size": `${percent ?? 0}%` } })),
        h("span", { class: "figure", text: percent === null ? "–" : number(percent) })),
      h("p", {}, h("span", said), value ? h("span", { class: "soft", text: ` ${value}` }) : null));
    if (each.picture) row.append(this.evidence(kind, each.name, title));
    return row;
  }

  /** A picture that says more, fetched when it is asked for. */
  evidence(kind, name, title) {
    const place = h("div", { class: "evidence" });
    const show = button(t("numbers.show"), {
      class: "quiet",
      on: () => {
        const image = h("img", { alt: t("numbers.evidence", { title }), loading: "lazy" });
        image.src = address(`${this.state.path}/evidence/${kind}/${name}?look=${this.state.numbers.key}`);
        image.onerror = () => place.replaceChildren(h("p", { class: "soft", text: t("numbers.nopicture") }));
        place.replaceChildren(image);
      },
    });
    place.append(show);
    return place;
  }

  /** What each edit costs and gives, told when somebody looks. */
  async showCosts() {
    const { costs } = this;
    costs.replaceChildren(h("h3", { text: t("costs.title") }), h("p", { class: "soft", text: t("costs.wait") }));
    let rows = [];
    try {
      rows = await this.state.costs();
    } catch {
      costs.replaceChildren();
      return;
    }
    if (costs !== this.costs) return;
    const points = (value) => (value === null || value === undefined ? "–" : `${value > 0 ? "+" : value < 0 ? "−" : "±"}${number(Math.abs(value), 1)}`);
    const head = h("tr", {}, h("th", { scope: "col", text: t("costs.edit") }), h("th", { scope: "col", text: t("numbers.authenticity") }), h("th", { scope: "col", text: t("numbers.polish") }));
    const lines = rows.map((row) => h("tr", {},
      h("th", { scope: "row", text: told(`adjust.${row.name}.title`, row.name.replaceAll("_", " ")) }),
      h("td", { text: points(row.authenticity) }), h("td", { text: points(row.polish) })));
    costs.replaceChildren(h("h3", { text: t("costs.title") }), h("p", { class: "soft", text: t("costs.about") }), h("table", {}, h("thead", {}, head), h("tbody", {}, lines)));
  }
}
customElements.define("cl-numbers", Numbers);
