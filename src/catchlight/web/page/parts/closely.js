/* Two versions looked at closely: large, side by side, and moved and enlarged in step. */

import { t } from "../state/texts.js";
import { button, h } from "./html.js";
import { View } from "./view.js";

class Pane {
  constructor(name, changed) {
    this.image = h("img", { alt: "", draggable: "false" });
    this.sheet = h("div", { class: "sheet" }, this.image);
    this.name = h("figcaption", { class: "pane-name", "aria-live": "polite" });
    this.room = h("div", { class: "room", tabindex: 0, role: "group", "aria-label": name, "aria-describedby": "closely-help" }, this.sheet);
    this.root = h("figure", { class: "pane" }, this.room, this.name);
    this.view = new View(this.room, this.sheet, () => [this.image.naturalWidth || 4, this.image.naturalHeight || 5], () => changed(this));
    this.image.addEventListener("load", () => this.view.apply());
  }
}

export class Closely {
  constructor() {
    this.panes = ["left", "right"].map((side) => new Pane(t(`closely.${side}`), (pane) => this.follow(pane)));
    this.next = 0;
    this.zoomText = h("span", { class: "figure" });
    const step = (act) => () => act(this.panes[0].view);
    // Where the face is, of a headshot: there it is enlarged.
    const face = () => {
      const { left, top, width, height } = this.panes[0].room.getBoundingClientRect();
      return { clientX: left + 0.5 * width, clientY: top + 0.4 * height };
    };
    const tools = h("div", { class: "row closely-tools", role: "toolbar", "aria-label": t("closely.tools") },
      button(t("closely.smaller"), { class: "quiet", on: step((view) => view.zoomTo(view.zoom / 1.5, face())) }),
      button(t("closely.larger"), { class: "quiet", on: step((view) => view.zoomTo(view.zoom * 1.5, face())) }),
      button(t("closely.fit"), { class: "quiet", on: step((view) => view.fit()) }), this.zoomText);
    this.root = h("div", { class: "closely" },
      h("div", { class: "panes" }, this.panes.map((pane) => pane.root)), tools,
      h("p", { class: "soft small", id: "closely-help", text: t("closely.help") }));
  }

  /** Show a version: beside the one that was shown last. `side` 0 or 1 says where. */
  show(version, source, side = this.next) {
    const pane = this.panes[side];
    this.next = 1 - side;
    pane.version = version;
    pane.name.textContent = version.name;
    pane.image.alt = version.name;
    pane.image.src = source;
  }

  /** A finer picture of a version came. */
  refine(version, source) {
    for (const pane of this.panes) if (pane.version === version) pane.image.src = source;
  }

  isShown(version) {
    return this.panes.some((pane) => pane.version === version);
  }

  /** Move the other picture as this one was moved. */
  follow(pane) {
    if (this.following || this.panes?.length !== 2) return;
    this.following = true;
    const other = this.panes[1 - this.panes.indexOf(pane)].view;
    Object.assign(other, { zoom: pane.view.zoom, x: pane.view.x, y: pane.view.y });
    other.apply();
    this.following = false;
    this.zoomText.textContent = pane.view.isFitted ? "" : `${Math.round(100 * pane.view.zoom)} %`;
  }
}
