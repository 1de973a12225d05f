/* The painter without a GPU: the same plan, the same sums, on the processor. */

import { CpuSet, LUMINANCE } from "./cpu_set.js";
import { Field, blur, grow, resample, sample, shrink } from "./fields.js";
import { Line } from "./line.js";

const EPSILON = 2 ** -12;
const TO_SRGB = [1.2249401763, -0.2249401763, 0, -0.0420569547, 1.0420569547, 0, -0.0196375546, -0.0786360456, 1.0982736001];
const [LR, LG, LB] = LUMINANCE;

/** 2^x for -16..16 by a table; straight lines between 512 entries a stop are right to 3e-7. */
const POWERS = Float32Array.from({ length: 32 * 512 + 2 }, (_, i) => 2 ** (i / 512 - 16));
export function exp2(x) {
  const at = (x + 16) * 512;
  const i = at | 0;
  return POWERS[i] + (at - i) * (POWERS[i + 1] - POWERS[i]);
}

/** Codes of evenly spaced roots of light, among which the curve is nearly straight. */
const CODES = Uint8Array.from({ length: 32769 }, (_, i) => {
  const light = (i / 32768) ** 2;
  return Math.round(255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055));
});
const code = (light) => CODES[(Math.sqrt(light) * 32768 + 0.5) | 0];

/** Write the codes of linear P3 as sRGB at `to`; towards grey where a colour lies outside. */
function encode(r, g, b, out, to) {
  let x = TO_SRGB[0] * r + TO_SRGB[1] * g;
  let y = TO_SRGB[3] * r + TO_SRGB[4] * g;
  let z = TO_SRGB[6] * r + TO_SRGB[7] * g + TO_SRGB[8] * b;
  if (Math.min(x, y, z) < -1e-5 || Math.max(x, y, z) > 1.00001) {
    const grey = Math.min(1, Math.max(0, x * LR + y * LG + z * LB));
    const room = (d) => (d > 0 ? (1 - grey) / d : d < 0 ? -grey / d : 1);
    const t = Math.min(1, Math.max(0, Math.min(room(x - grey), room(y - grey), room(z - grey))));
    x = grey + t * (x - grey);
    y = grey + t * (y - grey);
    z = grey + t * (z - grey);
  }
  out[to] = code(Math.min(1, Math.max(0, x)));
  out[to + 1] = code(Math.min(1, Math.max(0, y)));
  out[to + 2] = code(Math.min(1, Math.max(0, z)));
  out[to + 3] = 255;
}

const expose = (light, factor) => Math.max(0, light * factor + EPSILON * (factor - 1));

export class CpuPainter {
  bring(plan) {
    this.set = new CpuSet(plan);
    this.line = new Line();
    this.person = new Field(plan.width, plan.height, 3);
    const sum = () => ({ whole: new Field(plan.width, plan.height, 3), even: [0, 0, 0] });
    this.fixed = sum();
    this.moving = sum();
    for (const part of [this.fixed, this.moving]) this.weigh(part, {});
  }

  weigh(part, weights) {
    const { set } = this;
    const { data } = part.whole;
    data.fill(0);
    part.even = [0, 0, 0];
    for (const layer of set.layers) {
      const strength = weights[layer.name] ?? 0;
      if (strength === 0) continue;
      if (layer.even) {
        part.even = part.even.map((v, c) => v + layer.even[c] * strength);
        continue;
      }
      const [x0, y0, x1, y1] = layer.area;
      const { channels, data: stops } = layer.field;
      for (let y = y0, n = 0; y < y1; y++) {
        for (let to = (y * set.width + x0) * 3, end = (y * set.width + x1) * 3; to < end; to += 3) {
          if (channels === 1) {
            const step = stops[n++] * strength;
            data[to] += step;
            data[to + 1] += step;
            data[to + 2] += step;
          } else {
            for (let c = 0; c < 3; c++) data[to + c] += stops[n++] * strength;
          }
        }
      }
    }
    const small = set.edge ?? set.relit;
    if (small) part.small = shrink(part.whole, ...small.size);
  }

  /** Draw at these strengths; the codes, four to a pixel. */
  draw(strengths) {
    const { set, line } = this;
    const anew = line.move(strengths);
    if (anew.start) this.weigh(this.fixed, line.start);
    if (anew.way) this.weigh(this.moving, line.way);
    const even = this.fixed.even.map((v, c) => v + line.t * this.moving.even[c]);
    const lift = set.edge ? grow(this.tellEdge(line.t, even), set.width, set.height) : null;
    const gain = set.relit ? this.tellBackground(line.t, even) : null;
    const pulls = set.moves.map((move) => (strengths[move.name] ?? 0) * set.plan.px_per_mm);
    const lit = this.expose(line.t, even, gain);
    return pulls.some((pull) => pull !== 0) ? this.paintMoved(lit, lift, pulls) : this.paint(lit, lift);
  }

  /** The exposed person, and the exposed ground where it is the photo's. */
  expose(t, even, gain) {
    const { set, person } = this;
    const { width, height } = set;
    const source = set.kind === 0 ? set.base.data : set.front.data;
    const behind = set.kind === 2 ? new Field(width, height, 3) : null;
    const [still, way] = [this.fixed.whole.data, this.moving.whole.data];
    const factors = [1, 1, 1];
    for (let n = 0, y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, n += 3) {
        for (let c = 0; c < 3; c++) {
          const stops = still[n + c] + t * way[n + c] + even[c];
          factors[c] = stops === 0 ? 1 : exp2(stops);
          person.data[n + c] = expose(source[n + c], factors[c]);
        }
        if (behind) this.exposeBehind(behind.data, n, x, y, factors, gain);
      }
    }
    return { person, behind };
  }

  exposeBehind(out, n, x, y, factors, gain) {
    const { set } = this;
    // Where the person is whole, nothing behind shows; unless it is moved there.
    if (!set.moves.length && set.alpha.data[n / 3] >= 1) return;
    const at = (field) => [((x + 0.5) * field.width) / set.width - 0.5, ((y + 0.5) * field.height) / set.height - 0.5];
    const own = sample(set.own, ...at(set.own), 0);
    const place = at(gain);
    for (let c = 0; c < 3; c++) {
      const lit = expose(set.base.data[n + c], factors[c]);
      const field = set.ground.data[n + c] * sample(gain, ...place, c);
      out[n + c] = field + own * (lit - field);
    }
  }

  paint({ person, behind }, lift) {
    const { set } = this;
    const ground = behind?.data ?? set.ground?.data;
    const out = new Uint8ClampedArray(set.width * set.height * 4);
    const light = [0, 0, 0];
    for (let n = 0, to = 0; to < out.length; n += 3, to += 4) {
      const alpha = set.alpha ? set.alpha.data[to >> 2] : 1;
      for (let c = 0; c < 3; c++) {
        const here = person.data[n + c] + (lift ? lift.data[n + c] : 0);
        light[c] = ground ? ground[n + c] + alpha * (here - ground[n + c]) : here;
      }
      encode(light[0], light[1], light[2], out, to);
    }
    return out;
  }

  /** The one resampling, where something moves. */
  paintMoved({ person, behind }, lift, pulls) {
    const { set } = this;
    const { width, height } = set;
    const out = new Uint8ClampedArray(width * height * 4);
    const [here, there, cover] = [new Float64Array(3), new Float64Array(3), new Float64Array(1)];
    for (let y = 0, n = 0, to = 0; y < height; y++) {
      for (let x = 0; x < width; x++, n += 3, to += 4) {
        let [u, v] = [0, 0];
        set.moves.forEach(({ field }, i) => {
          const [fx, fy] = [((x + 0.5) * field.width) / width - 0.5, ((y + 0.5) * field.height) / height - 0.5];
          u += pulls[i] * sample(field, fx, fy, 0);
          v += pulls[i] * sample(field, fx, fy, 1);
        });
        if (Math.max(Math.abs(u), Math.abs(v)) <= 0.01) [u, v] = [0, 0];
        resample(person, x + u, y + v, here);
        let alpha = 1;
        if (set.kind > 0) {
          resample(set.alpha, x + u, y + v, cover);
          alpha = Math.min(1, Math.max(0, cover[0]));
          if (behind) resample(behind, x + u, y + v, there);
          else for (let c = 0; c < 3; c++) there[c] = set.ground.data[n + c];
        }
        for (let c = 0; c < 3; c++) {
          const shown = Math.max(0, here[c]) + (lift ? lift.data[n + c] : 0);
          here[c] = set.kind > 0 ? Math.max(0, there[c]) + alpha * (shown - Math.max(0, there[c])) : shown;
        }
        encode(here[0], here[1], here[2], out, to);
      }
    }
    return out;
  }

  /** A small picture exposed and blurred inside what counts: light x weight, and weight. */
  blurNear(small, t, even, moved = true) {
    const [w, h] = small.size;
    const weighed = new Field(w, h, 4);
    for (let i = 0; i < w * h; i++) {
      const weight = small.cover.data[i];
      for (let c = 0; c < 3; c++) {
        const stops = moved ? this.fixed.small.data[3 * i + c] + t * this.moving.small.data[3 * i + c] + even[c] : 0;
        weighed.data[4 * i + c] = expose(small.picture.data[3 * i + c], exp2(stops)) * weight;
      }
      weighed.data[4 * i + 3] = weight;
    }
    return blur(weighed, small.reach);
  }

  tellEdge(t, even) {
    const { edge, plan } = this.set;
    const person = this.blurNear(edge, t, even);
    const out = new Field(...edge.size, 3);
    for (let i = 0; i < out.width * out.height; i++) {
      const near = Math.min(1, Math.max(0, 1 - edge.shade.data[i]));
      for (let c = 0; c < 3; c++) {
        const light = person.data[4 * i + c] / (person.data[4 * i + 3] + 1e-3);
        const thrown = 0.25 + (0.75 * light) / (light + 0.18);
        out.data[3 * i + c] = plan.wrap.amount * near * thrown * Math.max(0, edge.behind.data[3 * i + c] - light);
      }
    }
    return out;
  }

  tellBackground(t, even) {
    const { relit } = this.set;
    relit.before ??= this.blurNear(relit, 0, even, false);
    const after = this.blurNear(relit, t, even);
    const out = new Field(...relit.size, 3);
    const light = (field, i, c) => field.data[4 * i + c] / (field.data[4 * i + 3] + 1e-3) + 1e-4;
    for (let i = 0; i < out.width * out.height; i++) for (let c = 0; c < 3; c++) out.data[3 * i + c] = light(after, i, c) / light(relit.before, i, c);
    return out;
  }

  drawBefore() {
    const { base } = this.set;
    const out = new Uint8ClampedArray(base.width * base.height * 4);
    for (let n = 0, to = 0; to < out.length; n += 3, to += 4) encode(base.data[n], base.data[n + 1], base.data[n + 2], out, to);
    return out;
  }
}
