/* Strengths on a line.

   While one hand drags one thing, strengths move along a line: start + t * way. The weighted sums
   of layers at `start` and of `way` are then fixed, and a frame costs two of them, however many
   layers there are. This file finds that line; who draws makes the sums. */

const NEAR = 1e-6;

/** What is to be summed anew for the next strengths. */
export class Line {
  constructor() {
    this.start = {};
    this.way = {};
    this.t = 0;
  }

  /** Strengths that are drawn now. */
  get now() {
    const out = { ...this.start };
    for (const [name, step] of Object.entries(this.way)) out[name] = (out[name] ?? 0) + this.t * step;
    return out;
  }

  /** Move to `strengths`; says whether `start` or `way` has to be summed anew. */
  move(strengths) {
    const from = this.start;
    const step = subtract(strengths, from);
    const t = measure(step, this.way);
    if (t !== null) {
      this.t = t;
      return { start: false, way: false };
    }
    const now = this.now;
    const moved = !same(now, from);
    this.start = now;
    this.way = subtract(strengths, now);
    this.t = 1;
    return { start: moved, way: true };
  }
}

function subtract(a, b) {
  const out = {};
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const step = (a[name] ?? 0) - (b[name] ?? 0);
    if (Math.abs(step) > NEAR) out[name] = step;
  }
  return out;
}

function same(a, b) {
  return Object.keys(subtract(a, b)).length === 0;
}

/** How far along `way` a step lies; null where it lies off it. */
function measure(step, way) {
  const names = Object.keys(step);
  if (names.length === 0) return 0;
  if (names.length !== Object.keys(way).length) return null;
  const longest = Object.keys(way).reduce((a, b) => (Math.abs(way[a]) >= Math.abs(way[b]) ? a : b));
  const t = (step[longest] ?? 0) / way[longest];
  for (const name of names) {
    if (!(name in way) || Math.abs(step[name] - t * way[name]) > 1e-4) return null;
  }
  return t;
}
