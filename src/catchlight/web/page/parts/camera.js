/* A photo taken here: what the camera sees, as in a mirror, and a shutter. Telephones have a camera of
   their own that takes better ones, so they are asked for that. */

import { t } from "../state/texts.js";
import { button, h } from "./html.js";
import { sheetHead } from "./sheet.js";

/** As many pixels as the camera has. */
const WANTED = { video: { facingMode: "user", width: { ideal: 4096 }, height: { ideal: 2160 } }, audio: false };

export class Camera {
  constructor(take) {
    this.take = take;
    this.video = h("video", { class: "seen", autoplay: true, muted: true, playsinline: true, "aria-label": t("camera.seen") });
    this.video.muted = true;
    this.note = h("p", { class: "soft", role: "status" });
    this.shutter = button(t("camera.take"), { icon: "camera", class: "button primary", on: () => this.shoot() });
    this.root = h("dialog", { class: "sheet-dialog", "aria-label": t("welcome.camera") });
    this.root.append(sheetHead(this.root, t("welcome.camera")), this.video, this.note, h("div", { class: "row centre" }, this.shutter));
    this.root.addEventListener("close", () => this.stop());
    this.video.addEventListener("loadeddata", () => {
      this.shutter.disabled = false;
      this.note.textContent = t("camera.how");
    });
  }

  /** Whether this machine is one whose camera is seen through here. */
  static get isHere() {
    return Boolean(navigator.mediaDevices?.getUserMedia) && !matchMedia("(pointer: coarse)").matches;
  }

  async open() {
    if (!this.root.isConnected) document.body.append(this.root);
    this.shutter.disabled = true;
    this.note.textContent = t("camera.waiting");
    this.root.showModal();
    try {
      const stream = await navigator.mediaDevices.getUserMedia(WANTED);
      if (!this.root.open) return stream.getTracks().forEach((track) => track.stop());
      this.video.srcObject = stream;
    } catch (error) {
      this.note.textContent = t(error.name === "NotAllowedError" ? "camera.refused" : "camera.none");
    }
  }

  /** Take what is seen, all of its pixels and not mirrored. */
  async shoot() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return;
    const canvas = h("canvas", { width, height });
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.97));
    this.root.close();
    this.take([new File([blob], "camera.jpg", { type: "image/jpeg" })]);
  }

  /** The camera's light goes out. */
  stop() {
    this.video.srcObject?.getTracks().forEach((track) => track.stop());
    this.video.srcObject = null;
  }
}
