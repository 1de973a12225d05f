/* In: photos dropped, pasted, picked or taken; what the service says of them, in words. */

import { address } from "../state/service.js";
import { number, say, spoken, t } from "../state/texts.js";
import { Camera } from "./camera.js";
import { button, h, icon } from "./html.js";

/** Photos of one person, at the most. */
export const MOST = 12;

/** The first page: one place to drop photos, and what makes a good one. */
export class Welcome extends HTMLElement {
  connectedCallback() {
    if (this.made) return;
    this.made = true;
    this.files = h("input", { type: "file", class: "heard", id: "files", accept: "image/*,.heic,.heif,.avif,.tif,.tiff,.webp", multiple: true, on: { change: () => this.take(this.files) } });
    this.camera = h("input", { type: "file", class: "heard", id: "camera", accept: "image/*", capture: "user", on: { click: (event) => this.seeThrough(event), change: () => this.take(this.camera) } });
    const drop = h("div", { class: "drop" },
      h("div", { class: "lens", "aria-hidden": "true" }),
      h("h1", {}, t("welcome.title").split(/(?<=[.。]) /).flatMap((part) => [h("span", { text: part }), " "])),
      h("p", { class: "lead", text: t("welcome.lead") }),
      h("div", { class: "row centre" },
        h("label", { class: "button primary", for: "files" }, icon("upload"), h("span", { text: t("welcome.pick") })), this.files,
        h("label", { class: "button", for: "camera" }, icon("camera"), h("span", { text: t("welcome.camera") })), this.camera),
      h("p", { class: "soft", text: t("welcome.drop") }),
      this.problem = h("p", { class: "problem", role: "alert", hidden: true }),
      this.progress = h("p", { class: "working", role: "status", hidden: true }));
    const hints = h("ul", { class: "hints" }, ["light", "eyes", "near", "several"].map((name) => h("li", {}, h("strong", { text: t(`hint.${name}`) }), " ", h("span", { text: t(`hint.${name}.why`) }))));
    this.append(drop, hints, h("p", { class: "soft trust" }, t("welcome.private"), " ", h("a", { href: "/check", text: t("welcome.check") })));
  }

  take(input) {
    const files = [...input.files];
    input.value = "";
    this.hand(files);
  }

  hand(files) {
    if (files.length) this.dispatchEvent(new CustomEvent("photos", { detail: files, bubbles: true }));
  }

  /** Where the camera can be seen through here, no file is asked for. */
  seeThrough(event) {
    if (!Camera.isHere) return;
    event.preventDefault();
    this.finder ??= new Camera((files) => this.hand(files));
    this.finder.open();
  }

  working(text) {
    this.progress.hidden = !text;
    this.progress.textContent = text ?? "";
    this.toggleAttribute("working", Boolean(text));
    if (text) this.fail(null);
  }

  fail(text) {
    this.problem.hidden = !text;
    this.problem.textContent = text ?? "";
  }
}
customElements.define("cl-welcome", Welcome);

/** Hand on photos that are dropped or pasted anywhere. */
export function listenForPhotos(target, act) {
  const pictures = (list) => [...(list ?? [])].filter((file) => file.type.startsWith("image/") || /\.(heic|heif|avif|tiff?)$/i.test(file.name));
  let depth = 0;
  const over = (on) => target.toggleAttribute("dropping", on);
  addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth++;
    over(true);
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (!depth) over(false);
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    over(false);
    const files = pictures(event.dataTransfer?.files);
    if (files.length) act(files);
    else say(t("problem.nopicture"), { urgent: true });
  });
  addEventListener("paste", (event) => {
    const files = pictures(event.clipboardData?.files);
    if (!files.length) return;
    event.preventDefault();
    act(files);
  });
}

/** The photos that were brought: which is used, what each is worth, which face. */
export class Photos extends HTMLElement {
  set studio(studio) {
    this.state = studio;
    studio.addEventListener("session", () => this.show());
  }

  show() {
    const { session } = this.state;
    this.replaceChildren();
    if (!session) return;
    const source = session.photos.find((photo) => photo.id === session.source);
    const verdict = source?.verdict;
    const faults = verdict?.faults ?? [];
    if (verdict && (verdict.grade !== "good" || faults.length)) {
      this.append(h("details", { class: `verdict-box ${verdict.suitable ? "" : "unsuitable"}` },
        h("summary", {}, icon(verdict.suitable ? "tick" : "warn"), h("span", { text: t(verdict.suitable ? "verdict.usable" : "verdict.unsuitable") })),
        h("p", spoken(verdict.text)), h("ul", {}, faults.map((fault) => h("li", spoken(fault.text))))));
    }
    this.toggleAttribute("urgent", verdict?.suitable === false || session.photos.length > 1 || (source?.faces?.length ?? 0) > 1);
    if (session.photos.length > 1) this.append(this.strip());
    const stranger = session.photos.some((photo) => photo.role === "left out" && photo.faces?.length && photo.id !== session.source);
    if (stranger) this.append(h("p", { class: "note", text: t("photos.stranger") }));
    if ((source?.faces?.length ?? 0) > 1) this.append(this.faces(source));
  }

  strip() {
    const { session } = this.state;
    const cards = session.photos.map((photo) => {
      const role = photo.id === session.source ? "source" : photo.role;
      const usable = (photo.faces?.length ?? 0) > 0;
      const image = usable ? h("img", { alt: "", loading: "lazy", src: address(`${this.state.path}/photos/${photo.id}/preview?longest=160`) }) : h("span", { class: "none" }, icon("warn"));
      return h("button", {
        type: "button", class: "photo", disabled: !usable, "aria-pressed": String(role === "source"), title: spoken(photo.why).text, on: { click: () => this.use(photo.id) },
      }, image, h("span", { text: t(`role.${role.replace(" ", "-")}`) }));
    });
    return h("div", { class: "photo-strip", role: "group", "aria-label": t("photos.title") }, cards);
  }

  faces(source) {
    const chosen = source.face;
    return h("div", { class: "face-picker" }, h("p", { text: t("faces.title", { count: number(source.faces.length) }) }),
      h("div", { class: "chips" }, source.faces.map((face) => button(t("faces.each", { number: number(face.number) }), {
        class: "chip", "aria-pressed": String(face.number === chosen), on: () => this.use(source.id, face.number),
      }))));
  }

  use(photo, face = null) {
    this.dispatchEvent(new CustomEvent("use", { detail: { photo, face }, bubbles: true }));
  }
}
customElements.define("cl-photos", Photos);
