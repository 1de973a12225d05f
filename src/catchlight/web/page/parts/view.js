/* A view of a picture: fitted, or larger; moved by hand, wheel, two fingers and keys. */

const LARGEST = 4;
/** A press that lasts this long without moving shows the photo, ms; and what counts as moving, px. */
const HELD = 180;
const STILL = 6;

export class View {
  constructor(room, sheet, size, changed) {
    Object.assign(this, { room, sheet, size, changed });
    this.zoom = 1;
    this.x = this.y = 0;
    this.pointers = new Map();
    this.onpress = () => {};
    this.onslide = () => false;
    this.captured = null;
    new ResizeObserver(() => this.apply()).observe(room);
    const listen = (kind, act, options) => room.addEventListener(kind, act.bind(this), options);
    listen("pointerdown", this.down);
    listen("pointermove", this.move);
    for (const kind of ["pointerup", "pointercancel"]) listen(kind, this.up);
    listen("wheel", this.wheel, { passive: false });
    listen("dblclick", (event) => this.cycle(event));
    listen("keydown", this.key);
    listen("keyup", (event) => event.key.toLowerCase() === "b" && this.onpress(false));
    listen("blur", () => this.onpress(false));
  }

  /** Pixels of the screen per pixel of the picture when it is fitted. */
  get fitted() {
    const [width, height] = this.size();
    const { clientWidth, clientHeight } = this.room;
    const across = this.room.parentElement?.dataset.compare === "beside" ? 2 : 1;
    return Math.max(1e-3, Math.min(clientWidth / (width * across), clientHeight / height));
  }

  get scale() {
    return this.fitted * this.zoom;
  }

  get isFitted() {
    return Math.abs(this.zoom - 1) < 1e-3;
  }

  /** The zoom at which a pixel of the picture is one of the device. */
  get full() {
    return 1 / (this.fitted * devicePixelRatio);
  }

  /** Pixels of the screen, of the device, per pixel of the picture, in percent. */
  get percent() {
    return 100 * this.scale * devicePixelRatio;
  }

  fit() {
    this.zoom = 1;
    this.x = this.y = 0;
    this.apply();
  }

  /** Fitted, 100 %, 200 %, and again. */
  cycle(event = null) {
    const { full } = this;
    const steps = [1, full, 2 * full].filter((zoom, i) => i === 0 || zoom > 1.05);
    const next = steps.find((zoom) => zoom > this.zoom * 1.02) ?? 1;
    this.zoomTo(next, event);
  }

  zoomTo(zoom, event = null) {
    const most = Math.max(LARGEST, 2 * this.full);
    const next = Math.min(most, Math.max(1, zoom));
    const box = this.room.getBoundingClientRect();
    const [px, py] = event ? [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2] : [0, 0];
    const ratio = next / this.zoom;
    this.x = px - (px - this.x) * ratio;
    this.y = py - (py - this.y) * ratio;
    this.zoom = next;
    this.apply();
  }

  apply() {
    const [width, height] = this.size();
    const { clientWidth, clientHeight } = this.room;
    const limit = (inner, outer) => Math.max(0, (inner - outer) / 2);
    const [mx, my] = [limit(width * this.scale, clientWidth), limit(height * this.scale, clientHeight)];
    this.x = Math.min(mx, Math.max(-mx, this.x));
    this.y = Math.min(my, Math.max(-my, this.y));
    const style = this.sheet.style;
    style.setProperty("--width", `${width * this.scale}px`);
    style.setProperty("--height", `${height * this.scale}px`);
    style.setProperty("--x", `${this.x}px`);
    style.setProperty("--y", `${this.y}px`);
    this.changed();
  }

  /** Where an event lies, in pixels of the picture. */
  place(event) {
    const box = this.sheet.getBoundingClientRect();
    const [width, height] = this.size();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  }

  down(event) {
    if (this.captured?.down?.(event)) return;
    if (event.button > 0 || event.target.closest("button, input")) return;
    this.room.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, moved: 0 });
    clearTimeout(this.holding);
    this.slide(event);
    if (this.pointers.size === 1) this.holding = setTimeout(() => this.onpress(true), HELD);
  }

  move(event) {
    if (this.captured?.move?.(event)) return;
    const old = this.pointers.get(event.pointerId);
    if (!old) return;
    const [dx, dy] = [event.clientX - old.x, event.clientY - old.y];
    old.moved += Math.hypot(dx, dy);
    if (old.moved > STILL) {
      clearTimeout(this.holding);
      if (!this.isFitted) this.onpress(false);
    }
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    if (others.length === 1) this.pinch(old, others[0], event);
    else if (this.slide(event)) this.changed();
    else if (!this.isFitted) {
      this.x += dx;
      this.y += dy;
      this.apply();
    }
    old.x = event.clientX;
    old.y = event.clientY;
  }

  /** Hand on where one pointer is, as a share of the picture's width; true where it was wanted. */
  slide(event) {
    if (this.pointers.size !== 1) return false;
    const [x] = this.place(event);
    return this.onslide(Math.min(1, Math.max(0, x / this.size()[0])));
  }

  pinch(old, other, event) {
    this.onpress(false);
    const before = Math.hypot(old.x - other.x, old.y - other.y);
    const after = Math.hypot(event.clientX - other.x, event.clientY - other.y);
    const middle = { clientX: (event.clientX + other.x) / 2, clientY: (event.clientY + other.y) / 2 };
    if (before > 1) this.zoomTo((this.zoom * after) / before, middle);
  }

  up(event) {
    if (this.captured?.up?.(event)) return;
    this.pointers.delete(event.pointerId);
    clearTimeout(this.holding);
    this.onpress(false);
  }

  wheel(event) {
    event.preventDefault();
    this.zoomTo(this.zoom * Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), event);
  }

  key(event) {
    if (event.target !== this.room) return;
    const step = 60;
    const acts = {
      "+": () => this.zoomTo(this.zoom * 1.25), "=": () => this.zoomTo(this.zoom * 1.25), "-": () => this.zoomTo(this.zoom / 1.25),
      0: () => this.fit(), 1: () => this.zoomTo(this.full), 2: () => this.zoomTo(2 * this.full),
      ArrowLeft: () => (this.x += step), ArrowRight: () => (this.x -= step), ArrowUp: () => (this.y += step), ArrowDown: () => (this.y -= step),
      b: () => this.onpress(true), B: () => this.onpress(true),
    };
    if (event.ctrlKey || event.metaKey || !(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
    this.apply();
  }
}
