/* The menu: another photo, theme, language, forgetting everything. */

import { LANGUAGES } from "../state/languages.js";
import { currentLanguage, t } from "../state/texts.js";
import { button, h, icon } from "./html.js";

/** The theme of now: chosen, or the system's. */
export function chooseTheme(theme = localStorage.getItem("catchlight.theme") ?? "system") {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  localStorage.setItem("catchlight.theme", theme);
}

export class Menu {
  constructor(studio, { again }) {
    this.state = studio;
    this.again = again;
    this.files = h("input", { type: "file", class: "heard", id: "more-photos", accept: "image/*,.heic,.heif,.avif", multiple: true, on: { change: () => this.bring() } });
    this.opener = button(t("menu"), { icon: "more", shown: false, class: "tool", "aria-expanded": "false", "aria-controls": "menu", on: () => this.toggle() });
    this.panel = h("div", { class: "menu", id: "menu", hidden: true }, this.parts());
    this.root = h("div", { class: "menu-root" }, this.opener, this.panel);
    addEventListener("pointerdown", (event) => this.root.contains(event.target) || this.close());
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.panel.hidden) return;
      this.close();
      this.opener.focus();
    });
  }

  parts() {
    const themes = h("div", { class: "segments", role: "radiogroup", "aria-label": t("theme") }, ["system", "dark", "light"].map((name) => {
      const input = h("input", { type: "radio", name: "theme", id: `theme-${name}`, value: name, checked: (localStorage.getItem("catchlight.theme") ?? "system") === name, on: { change: () => chooseTheme(name) } });
      return h("label", { for: `theme-${name}` }, input, h("span", { text: t(`theme.${name}`) }));
    }));
    const languages = h("select", { id: "language", on: { change: () => this.speak(languages.value) } },
      Object.entries(LANGUAGES).map(([code, { name }]) => h("option", { value: code, lang: code, text: name, selected: code === currentLanguage() })));
    return [
      h("label", { class: "menu-row only-studio", for: "more-photos" }, icon("photos"), h("span", { text: t("menu.photos") })), this.files,
      h("a", { class: "menu-row", href: "/check" }, icon("tick"), h("span", { text: t("menu.check") })),
      h("div", { class: "menu-block" }, h("span", { class: "soft", text: t("theme") }), themes),
      h("div", { class: "menu-block" }, h("label", { class: "soft", for: "language", text: t("language") }), languages),
      h("button", { type: "button", class: "menu-row danger only-studio", on: { click: () => this.forget() } }, icon("bin"), h("span", {}, h("strong", { text: t("forget") }), h("small", { text: t("forget.about") }))),
    ];
  }

  toggle() {
    this.panel.hidden = !this.panel.hidden;
    this.opener.setAttribute("aria-expanded", String(!this.panel.hidden));
    if (!this.panel.hidden) this.panel.querySelector("a, input, select, button")?.focus();
  }

  close() {
    this.panel.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
  }

  bring() {
    const files = [...this.files.files];
    this.files.value = "";
    this.close();
    if (files.length) document.dispatchEvent(new CustomEvent("photos", { detail: files }));
  }

  speak(code) {
    localStorage.setItem("catchlight.language", code);
    this.state.keepNow().then(() => location.reload());
  }

  async forget() {
    this.close();
    const sheet = h("dialog", { class: "sheet-dialog small", "aria-labelledby": "forget-title" },
      h("h2", { id: "forget-title", text: t("forget.sure") }), h("p", { text: t("forget.what") }),
      h("div", { class: "row" }, button(t("cancel"), { class: "quiet", on: () => sheet.close() }), button(t("forget"), { class: "button danger", on: () => sheet.close("yes") })));
    document.body.append(sheet);
    sheet.showModal();
    sheet.addEventListener("close", () => {
      if (sheet.returnValue === "yes") this.again();
      sheet.remove();
    });
  }
}
