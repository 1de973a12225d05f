/* The stage: the picture, drawn, zoomed, and compared with the photo. */

import { Brushwork } from "../draw/brushwork.js";
import { address } from "../state/service.js";
import { say, t } from "../state/texts.js";
import { button, h } from "./html.js";
import { View } from "./view.js";

const MODES = ["off", "split", "beside", "circle"];

export class Stage extends HTMLElement {
  connectedCallback() {
    if (this.made) return;
    this.made = true;
    this.after = h("canvas", { class: "after" });
    this.before = h("canvas", { class: "before" });
    this.provisional = h("img", { class: "provisional", alt: "", hidden: true });
    this.overlay = h("div", { class: "overlay" });
    this.sheet = h("div", { class: "sheet" }, this.provisional, this.after, this.before, this.overlay);
    this.handle = h("input", {
      type: "range", class: "split-handle", min: 0, max: 100, value: 50, "aria-label": t("compare.split"), hidden: true,
      on: { input: () => this.setSplit(this.handle.value / 100) },
    });
    this.badge = h("p", { class: "badge", hidden: true });
    this.tags = h("div", { class: "tags", "aria-hidden": "true" }, h("span", { text: t("before") }), h("span", { text: t("after") }));
    this.room = h("div", {
      class: "room", tabindex: 0, role: "group", "aria-roledescription": t("stage.role"), "aria-label": t("stage.name"), "aria-describedby": "stage-help",
    }, this.sheet);
    this.small = h("div", { class: "small-previews", hidden: true });
    this.sheet.append(this.handle);
    this.prepend(this.room, this.tags, this.badge, this.small, this.tools(), h("p", { id: "stage-help", class: "heard", text: t("stage.help") }));
    this.view = new View(this.room, this.sheet, () => this.size, () => this.showZoom());
    this.view.onpress = (on) => this.mode === "off" && this.peek(on);
    this.view.onslide = (share) => this.mode === "split" && !this.view.captured && (this.setSplit(share), true);
    this.brushwork = new Brushwork(this.after);
    this.brushwork.ready.then(() => (this.dataset.machine = this.brushwork.kind));
    this.setMode("off");
  }

  tools() {
    this.zoomText = h("span", { class: "figure" });
    this.peekButton = button(t("compare.press"), { icon: "compare", shown: false, class: "tool", "aria-pressed": "false" });
    const hold = (on) => (event) => {
      if (event.type.startsWith("key") && ![" ", "Enter"].includes(event.key)) return;
      event.preventDefault();
      this.peek(on);
    };
    for (const kind of ["pointerdown", "keydown"]) this.peekButton.addEventListener(kind, hold(true));
    for (const kind of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) this.peekButton.addEventListener(kind, hold(false));
    this.modeButtons = ["split", "beside", "circle"].map((mode) => {
      const drawn = { split: "split", beside: "compare", circle: "circle" }[mode];
      return button(t(`compare.${mode}`), {
        icon: drawn, shown: false, class: "tool", "aria-pressed": "false", "data-mode": mode, on: () => this.setMode(this.mode === mode ? "off" : mode),
      });
    });
    this.peekButton.replaceChildren(h("span", { text: t("before") }));
    this.peekButton.classList.add("wide");
    const zooms = h("div", { class: "zooms" },
      button(t("zoom.fit"), { icon: "zoom", class: "tool", shown: false, on: () => this.view.cycle() }), this.zoomText);
    return h("div", { class: "tools", role: "toolbar", "aria-label": t("stage.tools") }, this.peekButton, this.modeButtons, zooms);
  }

  set studio(studio) {
    this.state = studio;
    studio.seen = () => this.seen;
    studio.addEventListener("plan", () => this.bring());
    studio.addEventListener("choice", ({ detail }) => {
      this.moving = detail?.done === false;
      this.drawSoon();
    });
    studio.addEventListener("session", () => this.showProvisional());
    studio.addEventListener("busy", () => {
      this.toggleAttribute("waiting", studio.busy.has("plan") || studio.busy.has("look"));
      if (!this.hasAttribute("waiting")) this.style.removeProperty("--done");
    });
    studio.addEventListener("stage", ({ detail }) => this.advance(detail));
  }

  get size() {
    const { plan } = this.state ?? {};
    if (plan && !this.isProvisional) return [plan.width, plan.height];
    return [this.provisional.naturalWidth || 4, this.provisional.naturalHeight || 5];
  }

  /** Longer side that a picture has here, pixels of the screen: most are four by five, or square. */
  get seen() {
    const { clientWidth: w, clientHeight: h } = this.room;
    if (!w || !h) return Infinity;
    return Math.ceil(Math.min(Math.max(w, h), 1.25 * Math.min(w, h)) * devicePixelRatio);
  }

  get isProvisional() {
    return !this.provisional.hidden;
  }

  /** How far the work is: spelling the look out is most of it. */
  advance({ of, done, total }) {
    if (!this.hasAttribute("waiting") || !["spell", "plan"].includes(of)) return;
    const share = Math.min(1, done / total);
    this.style.setProperty("--done", of === "plan" ? 0.9 + 0.1 * share : 0.05 + 0.85 * share);
  }

  /** Show a plain crop by the face until the picture is there. */
  showProvisional() {
    const { session, plan } = this.state;
    if (!session || plan) return;
    this.provisional.src = address(`${this.state.path}/photos/${session.source}/preview?longest=800`);
    this.provisional.onload = () => {
      if (this.state.plan) return;
      this.provisional.hidden = false;
      this.after.hidden = this.before.hidden = true;
      this.badge.textContent = t("provisional");
      this.badge.hidden = false;
      this.view.fit();
    };
  }

  async bring() {
    const { plan } = this.state;
    // The same frame at another size is the same picture: whoever looks closely at it goes on.
    const shape = (plan.width / plan.height).toFixed(2);
    await this.brushwork.bring(plan);
    if (this.state.plan !== plan) return;
    this.before.width = plan.width;
    this.before.height = plan.height;
    await this.brushwork.copyBefore(this.before);
    const anew = this.isProvisional || this.shape !== shape;
    this.provisional.hidden = true;
    this.badge.hidden = true;
    this.after.hidden = this.before.hidden = false;
    this.draw();
    if (anew) this.view.fit();
    else this.view.apply();
    this.shape = shape;
    this.state.noteDrawn();
    this.dispatchEvent(new Event("drawn"));
  }

  drawSoon() {
    if (this.waitingFrame) return;
    this.waitingFrame = requestAnimationFrame(() => {
      this.waitingFrame = 0;
      this.draw();
    });
  }

  draw() {
    if (!this.state.plan || !this.state.choice) return;
    this.brushwork.draw(this.state.strengths, { quick: this.moving });
    if (this.mode === "circle") this.showSmall();
  }

  /** A small picture of what is shown, as a blob. */
  async snapshot(longest = 360) {
    const { width, height } = this.after;
    const factor = Math.min(1, longest / Math.max(width, height));
    const small = h("canvas", { width: Math.round(width * factor), height: Math.round(height * factor) });
    const context = small.getContext("2d");
    context.imageSmoothingQuality = "high";
    await this.brushwork.settled();
    context.drawImage(this.after, 0, 0, small.width, small.height);
    return new Promise((done) => small.toBlob(done, "image/jpeg", 0.88));
  }

  setMode(mode) {
    this.mode = MODES.includes(mode) ? mode : "off";
    this.dataset.compare = this.mode;
    this.handle.hidden = this.mode !== "split";
    this.small.hidden = this.mode !== "circle";
    for (const each of this.modeButtons) each.setAttribute("aria-pressed", String(each.dataset.mode === this.mode));
    if (this.mode === "split") this.setSplit(0.5);
    if (this.mode === "circle") this.showSmall();
    if (this.mode !== "off") say(t(`compare.${this.mode}`));
    this.view?.fit();
  }

  setSplit(share) {
    this.style.setProperty("--split", share);
    this.handle.value = Math.round(share * 100);
    this.handle.setAttribute("aria-valuetext", t("compare.at", { share: Math.round(share * 100) }));
  }

  /** Show the photo as it was, for as long as somebody presses. */
  peek(on) {
    if (this.isProvisional || this.peeking === on) return;
    this.peeking = on;
    this.toggleAttribute("peeking", on);
    this.peekButton.setAttribute("aria-pressed", String(on));
    if (on) say(t("compare.shown"));
  }

  /** The picture as places show it: in a circle, and small. */
  showSmall() {
    if (!this.state.plan) return;
    cancelAnimationFrame(this.smallFrame);
    this.smallFrame = requestAnimationFrame(async () => {
      await this.brushwork.settled();
      const sides = [160, 72, 36];
      if (!this.small.children.length) {
        this.small.append(...sides.map((side) => h("canvas", { width: side * 2, height: side * 2, style: { width: `${side}px`, height: `${side}px` } })));
      }
      const { width, height } = this.after;
      const edge = Math.min(width, height);
      for (const canvas of this.small.children) {
        const context = canvas.getContext("2d");
        context.imageSmoothingQuality = "high";
        const top = Math.min((height - edge) / 2, height * 0.04);
        context.drawImage(this.after, (width - edge) / 2, top, edge, edge, 0, 0, canvas.width, canvas.height);
      }
    });
  }

  showZoom() {
    this.zoomText.textContent = this.view.isFitted ? "" : `${Math.round(this.view.percent)} %`;
    this.dispatchEvent(new Event("viewed"));
  }
}
customElements.define("cl-stage", Stage);
