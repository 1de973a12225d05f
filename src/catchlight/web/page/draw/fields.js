/* Fields of numbers on the processor: blurred, shrunk, sampled. The same arithmetic as the shaders. */

/** A field: numbers row by row, `channels` to a sample. */
export class Field {
  constructor(width, height, channels, data = new Float32Array(width * height * channels)) {
    Object.assign(this, { width, height, channels, data });
  }
}

/** The average of what each smaller pixel covers. */
export function shrink(field, width, height) {
  const { channels } = field;
  const out = new Field(width, height, channels);
  const [fx, fy] = [field.width / width, field.height / height];
  const sum = new Float64Array(channels);
  for (let y = 0; y < height; y++) {
    const [top, low] = [y * fy, Math.min((y + 1) * fy, field.height)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [x * fx, Math.min((x + 1) * fx, field.width)];
      sum.fill(0);
      let all = 0;
      for (let v = Math.floor(top); v < low; v++) {
        const high = Math.min(low, v + 1) - Math.max(top, v);
        for (let u = Math.floor(left); u < right; u++) {
          const weight = high * (Math.min(right, u + 1) - Math.max(left, u));
          const at = (v * field.width + u) * channels;
          for (let c = 0; c < channels; c++) sum[c] += weight * field.data[at + c];
          all += weight;
        }
      }
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) out.data[to + c] = sum[c] / all;
    }
  }
  return out;
}

/** A Gaussian of `sigma` pixels; borders go on as they are. */
export function blur(field, sigma) {
  const width = Math.max(sigma, 0.1);
  const reach = Math.ceil(4 * width);
  const weights = Float32Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / width) ** 2));
  const all = weights.reduce((a, b) => a + b);
  return pass(pass(field, weights, all, true), weights, all, false);
}

function pass(field, weights, all, across) {
  const { width, height, channels, data } = field;
  const out = new Field(width, height, channels);
  const reach = weights.length >> 1;
  const last = (across ? width : height) - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * channels;
      const here = across ? x : y;
      for (let i = -reach; i <= reach; i++) {
        const there = Math.min(last, Math.max(0, here + i));
        const from = (across ? y * width + there : there * width + x) * channels;
        const weight = weights[i + reach] / all;
        for (let c = 0; c < channels; c++) out.data[to + c] += weight * data[from + c];
      }
    }
  }
  return out;
}

/** A value by straight lines between samples; borders go on as they are. */
export function sample(field, x, y, c) {
  const { width, height, channels, data } = field;
  const u = Math.min(width - 1, Math.max(0, x));
  const v = Math.min(height - 1, Math.max(0, y));
  const [i, j] = [Math.min(width - 2, Math.floor(u)), Math.min(height - 2, Math.floor(v))];
  const [i0, j0] = [Math.max(0, i), Math.max(0, j)];
  const [i1, j1] = [Math.min(width - 1, i0 + 1), Math.min(height - 1, j0 + 1)];
  const [s, t] = [u - i0, v - j0];
  const at = (p, q) => data[(q * width + p) * channels + c];
  return (at(i0, j0) * (1 - s) + at(i1, j0) * s) * (1 - t) + (at(i0, j1) * (1 - s) + at(i1, j1) * s) * t;
}

/** Weights of OpenCV's cubic, a = -0.75, at a fraction between two samples. */
export function cubic(t, out) {
  const [far0, near0, near1, far1] = [1 + t, t, 1 - t, 2 - t];
  out[0] = ((-0.75 * far0 + 3.75) * far0 - 6) * far0 + 3;
  out[1] = (1.25 * near0 - 2.25) * near0 * near0 + 1;
  out[2] = (1.25 * near1 - 2.25) * near1 * near1 + 1;
  out[3] = ((-0.75 * far1 + 3.75) * far1 - 6) * far1 + 3;
}

const [ACROSS, DOWN] = [new Float64Array(4), new Float64Array(4)];

/** A field at a place between samples, by cubics, into `out` (channels). */
export function resample(field, x, y, out) {
  const { width, height, channels, data } = field;
  const [i, j] = [Math.floor(x), Math.floor(y)];
  cubic(x - i, ACROSS);
  cubic(y - j, DOWN);
  out.fill(0);
  for (let v = 0; v < 4; v++) {
    const row = Math.min(height - 1, Math.max(0, j + v - 1)) * width;
    for (let u = 0; u < 4; u++) {
      const weight = DOWN[v] * ACROSS[u];
      const at = (row + Math.min(width - 1, Math.max(0, i + u - 1))) * channels;
      for (let c = 0; c < channels; c++) out[c] += weight * data[at + c];
    }
  }
}

/** A field of another size, by straight lines. */
export function grow(field, width, height) {
  const { channels } = field;
  const out = new Field(width, height, channels);
  const [fx, fy] = [field.width / width, field.height / height];
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++, n++) out.data[n] = sample(field, (x + 0.5) * fx - 0.5, (y + 0.5) * fy - 0.5, c);
  }
  return out;
}
