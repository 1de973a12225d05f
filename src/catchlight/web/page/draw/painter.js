/* The painter: a plan at the strengths that a person chose, drawn by WebGL2.

   As catchlight.render: gains are summed in stops, the sum is applied once, then the one resampling,
   where something moves, and the ground. Two sums are kept, so that a drag costs two fetches a
   pixel, however many layers there are; see line.js. */

import { Gpu } from "./gpu.js";
import { Line } from "./line.js";
import { LIT, PICTURE, PLAIN } from "./picture_shaders.js";
import { EXACT, LAYER, NEAR, RELIGHT, WRAP } from "./shaders.js";
import { StudioSet } from "./studio_set.js";

/** Folds of what moved into what is fixed, until all is summed anew: each rounds once. */
const FOLDS = 12;
/** A picture that takes longer than this, ms, is drawn coarser while a hand moves. */
const SLOW = 45;

const add3 = (a, b, t) => a.map((v, i) => v + t * b[i]);

export class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.gpu = new Gpu(canvas);
    this.set = null;
  }

  /** Bring a plan in; what was there before goes. */
  async bring(plan) {
    const old = this.set;
    this.set = new StudioSet(this.gpu, plan);
    old?.free();
    this.freeSums();
    this.canvas.width = plan.width;
    this.canvas.height = plan.height;
    this.line = new Line();
    const sum = () => this.gpu.texture(plan.width, plan.height, "rgba16");
    this.fixed = { whole: sum(), even: [0, 0, 0] };
    this.moving = { whole: sum(), even: [0, 0, 0] };
    for (const part of [this.fixed, this.moving]) this.weigh(part, {});
    if (plan.moves.length) this.lit = [sum(), sum()];
    this.folds = 0;
    this.slow = null;
  }

  /** Sum the layers of a plan by their weights. */
  weigh(part, weights) {
    const { gpu, set } = this;
    gpu.clear(part.whole);
    part.even = [0, 0, 0];
    const program = gpu.program(LAYER);
    const exact = [];
    for (const layer of set.layers) {
      const strength = weights[layer.name] ?? 0;
      if (strength === 0) continue;
      if (layer.even) part.even = add3(part.even, layer.even, strength);
      else if (layer.exact) exact.push({ ...layer, strength });
      else {
        const values = { layer: layer.texture, across: layer.across, down: layer.down, size: layer.size };
        gpu.draw(program, { ...values, grey: layer.grey, strength }, [part.whole], { area: layer.area, add: true });
      }
    }
    this.weighExact(part, exact);
    this.shrinkSum(part);
  }

  /** A sum as small as what is told of the light around the edge or behind. */
  shrinkSum(part) {
    const { set } = this;
    const small = set.edge ?? set.relit;
    if (small) part.small = set.shrink(part.whole, ...small.size, part.small);
  }

  weighExact(part, exact) {
    const { gpu, set } = this;
    const program = gpu.program(EXACT);
    for (let i = 0; i < exact.length; i += 4) {
      const four = [0, 1, 2, 3].map((n) => exact[i + n] ?? { texture: set.nothing, strength: 0, grey: true });
      const values = Object.fromEntries(four.map((layer, n) => [`layer${n}`, layer.texture]));
      gpu.draw(program, { ...values, strengths: four.map((x) => x.strength), grey: four.map((x) => Number(x.grey)) }, [part.whole], { add: true });
    }
  }

  /** Add what moved to what is fixed: one pass, where summing all layers takes one for each. */
  fold(t) {
    const { gpu, set } = this;
    const values = { layer0: this.moving.whole, layer1: set.nothing, layer2: set.nothing, layer3: set.nothing };
    gpu.draw(gpu.program(EXACT), { ...values, strengths: [t, 0, 0, 0], grey: [0, 0, 0, 0] }, [this.fixed.whole], { add: true });
    this.fixed.even = add3(this.fixed.even, this.moving.even, t);
    this.shrinkSum(this.fixed);
  }

  /** Draw at these strengths; `quick` while a hand is moving. */
  draw(strengths, { quick = false } = {}) {
    const { set } = this;
    if (!set) return;
    this.resize(quick && this.isSlow(strengths) ? 2 : 1);
    const before = this.line.t;
    const anew = this.line.move(strengths);
    if (anew.start && this.folds++ % FOLDS < FOLDS - 1) this.fold(before);
    else if (anew.start) this.weigh(this.fixed, this.line.start);
    if (anew.way) this.weigh(this.moving, this.line.way);
    const { t } = this.line;
    const even = add3(this.fixed.even, this.moving.even, t);
    if (set.edge) this.tellEdge(t, even);
    if (set.relit) this.tellBackground(t, even);
    this.paint(strengths, t, even);
  }

  paint(strengths, t, even) {
    const { gpu, set } = this;
    const none = set.nothing;
    const light = {
      base: set.base, front: set.front ?? none, alpha: set.alpha ?? none, ground: set.ground ?? none,
      own: set.own ?? none, gain: set.gain ?? none, lift: set.lift ?? none,
      fixed_: this.fixed.whole, moving: this.moving.whole, even, t, size: set.size, stride: this.stride,
    };
    const pulls = set.moves.map((move) => (strengths[move.name] ?? 0) * set.plan.px_per_mm);
    if (!pulls.some((pull) => pull !== 0)) {
      gpu.draw(gpu.program(PICTURE, { GROUND: set.kind, MOVES: 0 }), light);
      return;
    }
    gpu.draw(gpu.program(LIT, { GROUND: set.kind }), light, this.lit);
    const fields = { field: set.moves[0].texture, field2: set.moves[1]?.texture ?? none };
    const moved = { person: this.lit[0], background: this.lit[1], pull: [pulls[0], pulls[1] ?? 0] };
    gpu.draw(gpu.program(PICTURE, { GROUND: set.kind, MOVES: 1 }), { ...light, ...fields, ...moved });
  }

  /** The light of the ground around the edge, at the exposure of now. */
  tellEdge(t, even) {
    const { gpu, set } = this;
    const { edge } = set;
    const blurred = this.blurNear(edge, t, even);
    const values = { person: blurred, behind: edge.behind, cover: edge.shade, amount: set.plan.wrap.amount };
    gpu.draw(gpu.program(WRAP), values, [set.lift]);
  }

  /** How much brighter the light around each place of the background is than it was. */
  tellBackground(t, even) {
    const { gpu, set } = this;
    const { relit } = set;
    if (!relit.before) {
      // Before any edit: sums of nothing. What is kept goes on with another target.
      const zero = gpu.texture(...relit.size, "rgba16");
      relit.before = this.blurNear(relit, 0, [0, 0, 0], zero);
      relit.kept[2] = gpu.texture(...relit.size, "rgba16");
      gpu.free(zero);
    }
    const after = this.blurNear(relit, t, even);
    gpu.draw(gpu.program(RELIGHT), { before: relit.before, after }, [set.gain]);
  }

  /** A small picture exposed by the small sums, or by `sums`, and blurred inside what counts. */
  blurNear(small, t, even, sums = null) {
    const { gpu, set } = this;
    const size = small.size;
    small.kept ??= [0, 1, 2].map(() => gpu.texture(...size, "rgba16"));
    const [exposed, passing, blurred] = small.kept;
    const values = { picture: small.picture, cover: small.cover, even, t };
    const stops = { fixed_: sums ?? this.fixed.small, moving: sums ?? this.moving.small };
    gpu.draw(gpu.program(NEAR), { ...values, ...stops }, [exposed]);
    set.blurInto(exposed, small.reach, passing, blurred);
    return blurred;
  }

  /** Whether a picture takes long here: drawn twice, and waited for, once a plan. */
  isSlow(strengths) {
    if (this.slow === null) {
      this.slow = false;
      this.draw(strengths);
      this.finish();
      const start = performance.now();
      this.draw(strengths);
      this.finish();
      this.slow = performance.now() - start > SLOW;
    }
    return this.slow;
  }

  /** Draw every pixel, or one of `stride` each way. */
  resize(stride) {
    this.stride = stride;
    const [width, height] = this.set.size.map((side) => Math.floor(side / stride));
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }

  /** Draw the photo in its frame, before any edit. */
  drawBefore() {
    const { gpu, set } = this;
    this.resize(1);
    gpu.draw(gpu.program(PLAIN), { base: set.base, size: set.size });
  }

  /** The picture's codes, (height x width x 4) bytes, row 0 at the top; right after a draw. */
  read() {
    const { gl } = this.gpu;
    const { width, height } = this.canvas;
    const bytes = new Uint8Array(width * height * 4);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    const out = new Uint8ClampedArray(bytes.length);
    for (let y = 0; y < height; y++) {
      out.set(bytes.subarray((height - 1 - y) * width * 4, (height - y) * width * 4), y * width * 4);
    }
    return out;
  }

  /** Wait until what was asked for is drawn; for measurements. */
  finish() {
    const { gl } = this.gpu;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  freeSums() {
    this.gpu.free(this.fixed?.whole, this.fixed?.small, this.moving?.whole, this.moving?.small, ...(this.lit ?? []));
    this.fixed = this.moving = this.lit = null;
  }
}
