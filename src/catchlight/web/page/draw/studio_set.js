/* What a plan brings onto the GPU once: pictures, layers, ground, and the small ones of them. */

import { evenStops, groundKind, halvesOf, toHalf } from "./plan_file.js";
import { RELIT_MM, RELIT_SIDE, WRAP_SIDE, placeLayer, readGrid, shrunk } from "./geometry.js";
import { BLUR, GROUND, REACH, SHRINK } from "./shaders.js";

/** Weights of a Gaussian from the middle outwards, over 4 sigma; both sides together are 1. */
function gaussian(sigma, most) {
  const width = Math.max(sigma, 0.1);
  const reach = Math.min(most, Math.ceil(4 * width));
  const weights = Array.from({ length: most + 1 }, (_, i) => (i > reach ? 0 : Math.exp(-0.5 * (i / width) ** 2)));
  const all = 2 * weights.reduce((a, b) => a + b) - weights[0];
  return { reach, weights: weights.map((weight) => weight / all) };
}

/** A picture as halves of linear light, four to a pixel. */
function lightHalves(blob) {
  const halves = halvesOf(blob);
  const out = new Uint16Array(blob.width * blob.height * 4);
  const step = blob.channels;
  for (let i = 0, n = 0; i < out.length; i += 4, n += step) {
    out[i] = halves[n];
    out[i + 1] = halves[step === 1 ? n : n + 1];
    out[i + 2] = halves[step === 1 ? n : n + 2];
  }
  return out;
}

/** The person's own colours: the photo, and where they were told apart, those. */
function frontHalves(plan) {
  const out = lightHalves(plan.arrays[plan.base]);
  const [x0, y0] = plan.foreground.box;
  const part = plan.arrays[plan.foreground.blob];
  const own = lightHalves(part);
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++) {
      const i = (y * part.width + x) * 4;
      if (part.channels === 4 && part.codes[i + 3] === 0) continue;
      const o = ((y0 + y) * plan.width + x0 + x) * 4;
      out[o] = own[i];
      out[o + 1] = own[i + 1];
      out[o + 2] = own[i + 2];
    }
  }
  return out;
}

export class StudioSet {
  constructor(gpu, plan) {
    this.gpu = gpu;
    this.plan = plan;
    const { width, height } = plan;
    this.size = [width, height];
    this.nothing = gpu.texture(1, 1, "rgba16");
    this.base = gpu.texture(width, height, "rgba16", lightHalves(plan.arrays[plan.base]));
    this.kind = groundKind(plan);
    this.layers = plan.layers.map((layer) => this.bringLayer(layer));
    this.moves = plan.moves.map((move) => {
      const blob = plan.arrays[move.blob];
      const texture = gpu.texture(blob.width, blob.height, "rg16", halvesOf(blob), true);
      return { name: move.name, texture };
    });
    if (this.kind > 0) this.bringGround();
  }

  bringLayer(layer) {
    const { gpu, plan } = this;
    const grid = readGrid(plan.grids[layer.grid]);
    const blob = plan.arrays[layer.blob];
    if (grid.width === 1 && grid.height === 1) return { name: layer.name, even: evenStops(blob) };
    const place = placeLayer(grid, layer.box, ...this.size);
    const [w, h] = [blob.width + 2 * place.rim, blob.height + 2 * place.rim];
    const grey = blob.channels === 1;
    let texture = gpu.texture(w, h, grey ? "r16" : "rgb16", null, !place.exact);
    gpu.write(texture, place.rim, place.rim, blob.width, blob.height, halvesOf(blob));
    if (place.sigma >= 0.2) {
      const blurred = this.blur(texture, place.sigma, true);
      gpu.free(texture);
      texture = blurred;
    }
    const [a, b, tx, c, d, ty] = place.toBox;
    return { name: layer.name, texture, grey, exact: place.exact, area: place.area, across: [a, b, tx], down: [c, d, ty], size: [w, h] };
  }

  bringGround() {
    const { gpu, plan } = this;
    const [width, height] = this.size;
    const { ground } = plan;
    this.front = gpu.texture(width, height, "rgba16", frontHalves(plan));
    const alpha = plan.arrays[plan.alpha];
    this.alpha = gpu.texture(width, height, "r16", halvesOf(alpha));
    const field = plan.arrays[ground.blob];
    const small = gpu.texture(field.width, field.height, "rgba16", lightHalves(field));
    const tile = ground.grain_tile == null ? this.nothing : gpu.texture(256, 256, "r16", halvesOf(plan.arrays[ground.grain_tile]));
    this.ground = gpu.texture(width, height, "rgba16");
    const grown = { field: small, tile, factor: [field.width / width, field.height / height] };
    const grain = ground.grain_tile == null ? 0 : ground.grain;
    gpu.draw(gpu.program(GROUND), { ...grown, grain, even: field.width * field.height === 1 }, [this.ground]);
    gpu.free(small, tile === this.nothing ? null : tile);
    if (this.kind === 2) this.bringBackground();
    else this.bringEdge();
  }

  /** Small pictures on which the light of a ground around the edge is told. */
  bringEdge() {
    const [w, h, factor] = shrunk(...this.size, WRAP_SIDE);
    const reach = this.plan.wrap.reach_mm * this.plan.px_per_mm * factor;
    const cover = this.shrink(this.alpha, w, h);
    const ground = this.shrink(this.ground, w, h);
    const behind = this.blur(ground, 3 * reach);
    this.gpu.free(ground);
    this.edge = { size: [w, h], reach, cover, picture: this.shrink(this.front, w, h), behind, shade: this.blur(cover, reach) };
    this.lift = this.gpu.texture(w, h, "rgba16", null, true);
  }

  /** Small pictures on which the light of a blurred background is told. */
  bringBackground() {
    const { gpu, plan } = this;
    const [w, h, factor] = shrunk(...this.size, RELIT_SIDE);
    const seen = this.shrink(this.alpha, w, h);
    const shown = this.read(seen);
    gpu.free(seen);
    const clear = Uint16Array.from({ length: w * h }, (_, i) => toHalf(1 - shown[4 * i]));
    const cover = gpu.texture(w, h, "r16", clear);
    const own = plan.arrays[plan.ground.own];
    this.own = gpu.texture(own.width, own.height, "r16", halvesOf(own), true);
    this.relit = { size: [w, h], reach: RELIT_MM * plan.px_per_mm * factor, cover, picture: this.shrink(this.base, w, h) };
    this.gain = gpu.texture(w, h, "rgba16", null, true);
  }

  /** A picture made smaller by the average of what each pixel covers. */
  shrink(texture, width, height, into = null) {
    const target = into ?? this.gpu.texture(width, height, "rgba16");
    const factor = [texture.width / width, texture.height / height];
    this.gpu.draw(this.gpu.program(SHRINK), { picture: texture, factor }, [target]);
    return target;
  }

  /** A Gaussian of `sigma` pixels, in a texture of its own. */
  blur(texture, sigma, smooth = false) {
    const { gpu } = this;
    const size = [texture.width, texture.height];
    const [first, second] = [gpu.texture(...size, "rgba16"), gpu.texture(...size, "rgba16", null, smooth)];
    this.blurInto(texture, sigma, first, second);
    gpu.free(first);
    return second;
  }

  blurInto(texture, sigma, passing, target) {
    const program = this.gpu.program(BLUR);
    const kernel = gaussian(sigma, REACH);
    this.gpu.draw(program, { picture: texture, step: [1, 0], ...kernel }, [passing]);
    this.gpu.draw(program, { picture: passing, step: [0, 1], ...kernel }, [target]);
  }

  /** The numbers of a target, four to a pixel. */
  read(texture) {
    const { gl } = this.gpu;
    this.gpu.aim([texture]);
    const floats = new Float32Array(texture.width * texture.height * 4);
    gl.readPixels(0, 0, texture.width, texture.height, gl.RGBA, gl.FLOAT, floats);
    return floats;
  }

  free() {
    const own = [this.nothing, this.base, this.front, this.alpha, this.ground, this.lift, this.own, this.gain];
    // The small pictures, and what the painter kept beside them.
    const small = Object.values(this.edge ?? this.relit ?? {}).flat().filter((part) => part.handle);
    this.gpu.free(...own, ...small);
    this.gpu.free(...this.layers.map((x) => x.texture), ...this.moves.map((x) => x.texture));
  }
}
