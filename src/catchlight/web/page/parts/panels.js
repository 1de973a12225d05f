/* The panels beside the picture: settings and dial, backdrops, lights, crop, sliders, retouching. */

import { number, speak, t, told } from "../state/texts.js";
import { button, h, icon, isRtl, step } from "./html.js";
import { Choices } from "./choices.js";
import { Clothes } from "./clothes.js";
import { FramePanel } from "./frame.js";
import { TouchPanel } from "./touch.js";

const GROUPS = ["light", "colour", "skin", "eyes", "detail", "lens"];

/** Tabs and their panels. */
export class Panels extends HTMLElement {
  connectedCallback() {
    if (this.made) return;
    this.made = true;
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": t("tabs.name"), on: { keydown: (e) => this.key(e) } });
    this.bodies = h("div", { class: "bodies" });
    this.append(this.tabs, this.bodies);
    // What a tab wakes comes a moment later and moves what lies below it: the focus stays in sight.
    this.grown = new ResizeObserver(() => {
      const at = document.activeElement;
      if (at !== this.bodies && this.bodies.contains(at) && at.matches(":focus-visible")) at.scrollIntoView({ block: "nearest" });
    });
  }

  /** Build everything that the schema names. */
  build(studio, stage) {
    this.state = studio;
    const rooms = {
      look: this.lookPanel(),
      backdrop: this.choices("backdrop"),
      light: this.lightPanel(),
      frame: new FramePanel().build(studio, stage),
      adjust: this.adjustPanel(),
      touch: h("div", {}, new TouchPanel().build(studio, stage), new Clothes().build(studio)),
      versions: h("div", { class: "tray-place" }),
    };
    for (const [name, body] of Object.entries(rooms)) {
      const tab = h("button", {
        type: "button", role: "tab", class: name === "versions" ? "only-phone" : "", id: `tab-${name}`, "aria-controls": `panel-${name}`, "aria-selected": "false", tabindex: -1, on: { click: () => this.show(name) },
      }, icon(name), h("span", { text: t(`tabs.${name}`) }));
      this.tabs.append(tab);
      const panel = h("section", { role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}`, hidden: true, tabindex: -1 }, body);
      this.bodies.append(panel);
      this.grown.observe(panel);
    }
    studio.addEventListener("choice", () => this.refresh());
    this.show("look");
  }

  show(name) {
    this.shown = name;
    for (const tab of this.tabs.children) {
      const on = tab.id === `tab-${name}`;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
      if (on) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    this.bodies.scrollTop = 0;
    this.dispatchEvent(new CustomEvent("show", { detail: name, bubbles: true }));
    for (const part of this.querySelectorAll("cl-choices, cl-clothes, cl-frame, cl-touch")) part.wake?.(!part.closest("[hidden]"));
  }

  /** The versions: below the picture where there is room, else behind a tab. */
  house(tray, room) {
    const wide = matchMedia("(min-width: 60rem)");
    const place = () => {
      (wide.matches ? room : this.querySelector(".tray-place")).append(tray);
      if (wide.matches && this.shown === "versions") this.show("look");
    };
    wide.addEventListener("change", place);
    place();
  }

  key(event) {
    const tabs = [...this.tabs.children].filter((tab) => tab.offsetParent);
    const at = tabs.indexOf(document.activeElement);
    const rtl = isRtl() ? -1 : 1;
    const by = { ArrowRight: rtl, ArrowLeft: -rtl, Home: -at, End: tabs.length - 1 - at }[event.key];
    if (at < 0 || by === undefined) return;
    event.preventDefault();
    const next = tabs[(at + by + tabs.length) % tabs.length];
    next.focus();
    next.click();
  }

  lookPanel() {
    const { settings } = this.state.schema;
    this.dial = h("cl-dial");
    this.chips = h("div", { class: "chips", role: "radiogroup", "aria-labelledby": "chips-title", on: { keydown: (e) => step(this.chips, e)?.click() } },
      settings.map((each) => h("button", {
        type: "button", role: "radio", class: "chip", "aria-checked": "false", tabindex: -1, "data-name": each.name, text: told(`setting.${each.name}.title`, each.title), on: { click: () => this.pickSetting(each.name) },
      })));
    this.reason = h("p", { class: "reason", "aria-live": "polite" });
    this.heldText = h("p", { class: "about" });
    this.held = h("details", { class: "fold" }, h("summary", { text: t("held.title") }), this.heldText);
    return h("div", {}, this.dial, h("h2", { id: "chips-title", text: t("settings.title") }), this.chips, this.reason, this.held);
  }

  async pickSetting(name) {
    try {
      await this.state.begin(name);
    } catch (error) {
      this.state.fail(error);
    }
  }

  choices(field) {
    return new Choices().build(field, this.state);
  }

  lightPanel() {
    this.lightSliders = h("div", { class: "sliders" });
    for (const name of ["key_light", "shadows", "dimension"]) this.slider(name, this.lightSliders, "light-");
    return h("div", {}, this.choices("light"), this.lightSliders);
  }

  adjustPanel() {
    const rows = this.state.schema.adjustments;
    const manual = h("div", { class: "sliders" });
    for (const row of rows.filter((each) => each.manual)) this.slider(row.name, manual);
    const groups = GROUPS.map((group) => {
      const names = rows.filter((row) => row.group === group && !row.manual);
      if (!names.length) return null;
      const body = h("div", { class: "sliders" });
      for (const row of names) this.slider(row.name, body);
      return h("details", { open: group === "light" || group === "skin" }, h("summary", { text: t(`groups.${group}`) }), body);
    });
    this.all = button(t("adjust.resetall"), { icon: "reset", class: "quiet", on: () => this.state.change({ hand: {} }) });
    return h("div", {}, h("h2", { text: t("groups.manual") }), manual, groups, this.all);
  }

  slider(name, body, prefix = "") {
    const row = this.state.schema.adjustments.find((each) => each.name === name);
    const slider = document.createElement("cl-slider");
    slider.build(prefix ? { ...row, prefix } : row, this.state);
    (this.sliders ??= []).push(slider);
    body.append(slider);
  }

  refresh() {
    const { choice } = this.state;
    for (const slider of this.sliders ?? []) slider.show();
    for (const chip of this.chips.children) {
      const on = chip.dataset.name === choice.setting;
      chip.setAttribute("aria-checked", String(on));
      chip.tabIndex = on ? 0 : -1;
    }
    const setting = this.state.settingOf(choice.setting);
    this.reason.textContent = told(`setting.${choice.setting}.why`, setting.reason);
    speak(this.heldText, choice.heldText);
    this.held.hidden = !choice.heldText;
    this.all.hidden = !Object.keys(choice.hand).length;
    this.all.lastChild.textContent = t("adjust.resetall", { count: number(Object.keys(choice.hand).length) });
  }
}
customElements.define("cl-panels", Panels);
