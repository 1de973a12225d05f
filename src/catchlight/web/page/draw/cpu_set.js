/* What a plan is on the processor: pictures, layers on the frame, ground, and the small ones. */

import { evenStops, groundKind, numbersOf } from "./plan_file.js";
import { RELIT_MM, RELIT_SIDE, WRAP_SIDE, placeLayer, readGrid, shrunk } from "./geometry.js";
import { Field, blur, resample, sample, shrink } from "./fields.js";

/** Shares of linear P3 in luminance. */
export const LUMINANCE = [0.2289745641, 0.6917385218, 0.0792869141];

/** A picture as linear light, three to a pixel. */
function lightOf(blob) {
  const all = numbersOf(blob);
  if (blob.channels === 3) return new Field(blob.width, blob.height, 3, all);
  const out = new Field(blob.width, blob.height, 3);
  const step = blob.channels;
  for (let i = 0, n = 0; n < out.data.length; i += step, n += 3) for (let c = 0; c < 3; c++) out.data[n + c] = all[i + (step === 1 ? 0 : c)];
  return out;
}

function fieldOf(blob) {
  return new Field(blob.width, blob.height, blob.channels, numbersOf(blob));
}

export class CpuSet {
  constructor(plan) {
    this.plan = plan;
    const { width, height, arrays } = plan;
    Object.assign(this, { width, height });
    this.base = lightOf(arrays[plan.base]);
    this.kind = groundKind(plan);
    this.layers = plan.layers.map((layer) => this.bringLayer(layer));
    this.moves = plan.moves.map((move) => ({ name: move.name, field: fieldOf(arrays[move.blob]) }));
    if (this.kind === 0) return;
    this.alpha = fieldOf(arrays[plan.alpha]);
    this.front = this.bringFront();
    this.ground = this.paintGround();
    if (this.kind === 1) this.bringEdge();
    else this.bringBackground();
  }

  /** A layer in the box of the frame where it acts; what is even everywhere, as three numbers. */
  bringLayer({ name, grid: at, box, blob: index }) {
    const grid = readGrid(this.plan.grids[at]);
    const blob = this.plan.arrays[index];
    if (grid.width === 1 && grid.height === 1) return { name, even: evenStops(blob) };
    const stops = numbersOf(blob);
    const place = placeLayer(grid, box, this.width, this.height);
    const { channels } = blob;
    if (place.exact) return { name, area: place.area, field: new Field(blob.width, blob.height, channels, stops) };
    let padded = new Field(blob.width + 2 * place.rim, blob.height + 2 * place.rim, channels);
    for (let y = 0; y < blob.height; y++) {
      const row = stops.subarray(y * blob.width * channels, (y + 1) * blob.width * channels);
      padded.data.set(row, ((y + place.rim) * padded.width + place.rim) * channels);
    }
    if (place.sigma >= 0.2) padded = blur(padded, place.sigma);
    const [x0, y0, x1, y1] = place.area;
    const out = new Field(Math.max(0, x1 - x0), Math.max(0, y1 - y0), channels);
    const [a, b, tx, c, d, ty] = place.toBox;
    for (let y = y0, n = 0; y < y1; y++) {
      for (let x = x0; x < x1; x++) for (let i = 0; i < channels; i++, n++) out.data[n] = sample(padded, a * x + b * y + tx, c * x + d * y + ty, i);
    }
    return { name, area: place.area, field: out };
  }

  bringFront() {
    const { plan } = this;
    const out = new Field(this.width, this.height, 3, this.base.data.slice());
    const part = plan.arrays[plan.foreground.blob];
    const own = lightOf(part);
    const [x0, y0] = plan.foreground.box;
    for (let y = 0, n = 0; y < part.height; y++) {
      for (let x = 0; x < part.width; x++, n++) {
        if (part.channels === 4 && part.codes[4 * n + 3] === 0) continue;
        const to = ((y0 + y) * this.width + x0 + x) * 3;
        for (let c = 0; c < 3; c++) out.data[to + c] = own.data[3 * n + c];
      }
    }
    return out;
  }

  paintGround() {
    const { plan, width, height } = this;
    const { ground } = plan;
    const field = lightOf(plan.arrays[ground.blob]);
    const tile = ground.grain_tile == null ? null : numbersOf(plan.arrays[ground.grain_tile]);
    const out = new Field(width, height, 3);
    const [fx, fy] = [field.width / width, field.height / height];
    const here = new Float64Array(3);
    const even = field.width * field.height === 1;
    for (let y = 0, n = 0; y < height; y++) {
      for (let x = 0; x < width; x++, n += 3) {
        if (even) here.set(field.data);
        else resample(field, (x + 0.5) * fx - 0.5, (y + 0.5) * fy - 0.5, here);
        for (let c = 0; c < 3; c++) here[c] = Math.max(0, here[c]);
        let factor = 1;
        if (tile) {
          const root = Math.sqrt(Math.max(here[0] * LUMINANCE[0] + here[1] * LUMINANCE[1] + here[2] * LUMINANCE[2], 1e-4));
          factor = Math.max((tile[(y & 255) * 256 + (x & 255)] * ground.grain) / root + 1, 0) ** 2;
        }
        for (let c = 0; c < 3; c++) out.data[n + c] = here[c] * factor;
      }
    }
    return out;
  }

  bringEdge() {
    const [w, h, factor] = shrunk(this.width, this.height, WRAP_SIDE);
    const reach = this.plan.wrap.reach_mm * this.plan.px_per_mm * factor;
    const cover = shrink(this.alpha, w, h);
    const behind = blur(shrink(this.ground, w, h), 3 * reach);
    this.edge = { size: [w, h], reach, cover, behind, shade: blur(cover, reach), picture: shrink(this.front, w, h) };
  }

  bringBackground() {
    const { plan } = this;
    const [w, h, factor] = shrunk(this.width, this.height, RELIT_SIDE);
    const cover = shrink(this.alpha, w, h);
    for (let i = 0; i < cover.data.length; i++) cover.data[i] = 1 - cover.data[i];
    this.own = fieldOf(plan.arrays[plan.ground.own]);
    this.relit = { size: [w, h], reach: RELIT_MM * plan.px_per_mm * factor, cover, picture: shrink(this.base, w, h) };
  }
}
