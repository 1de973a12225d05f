/* Who draws: WebGL2 where it is, else a worker on the processor. One face for both. */

import { Painter } from "./painter.js";

export class Brushwork {
  constructor(canvas) {
    this.canvas = canvas;
    this.calls = new Map();
    this.count = 0;
    const forced = new URLSearchParams(location.search).get("draw");
    this.ready = Promise.resolve().then(() => this.choose(forced));
    this.ready.catch(() => {});
  }

  choose(forced) {
    if (forced !== "cpu") {
      try {
        this.painter = new Painter(this.canvas);
        this.kind = "webgl2";
        this.canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
        this.canvas.addEventListener("webglcontextrestored", () => this.again());
        return;
      } catch {
        /* the processor draws */
      }
    }
    this.kind = "cpu";
    this.worker = new Worker(new URL("./cpu_worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => this.receive(data);
  }

  /** After the GPU was lost: all of it anew. */
  async again() {
    this.painter = new Painter(this.canvas);
    if (this.plan) await this.painter.bring(this.plan);
    if (this.last) this.painter.draw(this.last);
  }

  async bring(plan) {
    await this.ready;
    this.plan = plan;
    if (this.painter) return this.painter.bring(plan);
    this.canvas.width = plan.width;
    this.canvas.height = plan.height;
    return this.call({ kind: "bring", plan });
  }

  draw(strengths, options = {}) {
    this.last = strengths;
    if (this.painter) {
      this.painter.draw(strengths, options);
      return;
    }
    // One picture at a time: what was asked meanwhile is only the newest.
    if (this.drawing) this.next = strengths;
    else this.drawing = this.drawBy(strengths);
  }

  async drawBy(strengths) {
    const image = await this.call({ kind: "draw", strengths });
    this.canvas.getContext("2d").putImageData(image, 0, 0);
    this.drawing = null;
    if (this.next) {
      const next = this.next;
      this.next = null;
      this.draw(next);
      await this.drawing;
    }
  }

  /** Wait until what was asked for is on the canvas. */
  async settled() {
    while (this.drawing) await this.drawing;
    if (this.painter && this.last) this.painter.draw(this.last);
  }

  /** Copy the photo in its frame, before any edit, to another canvas. */
  async copyBefore(canvas) {
    const context = canvas.getContext("2d");
    if (this.painter) {
      this.painter.drawBefore();
      context.drawImage(this.canvas, 0, 0);
    } else {
      context.putImageData(await this.call({ kind: "before" }), 0, 0);
    }
  }

  call(message) {
    return new Promise((done, fail) => {
      const number = ++this.count;
      this.calls.set(number, { done, fail });
      this.worker.postMessage({ ...message, number });
    });
  }

  receive({ number, value, error }) {
    const { done, fail } = this.calls.get(number);
    this.calls.delete(number);
    if (error) fail(new Error(error));
    else done(value);
  }
}
