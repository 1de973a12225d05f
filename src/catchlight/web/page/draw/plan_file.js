/* The plan file: what the server says is to be drawn, read into plain arrays.

   Vocabulary: a *blob* is an array in the file; *codes* are numbers as they travel; a *half* is a
   16-bit float, kept as its bits, since a browser's GPU takes them as they are. */

const MAGIC = "CLPLAN1\n";

/** Linear light of an sRGB code in 0..1 (IEC 61966-2-1). */
function decodeCurve(code) {
  return code <= 0.04045 ? code / 12.92 : ((code + 0.055) / 1.055) ** 2.4;
}

const bits = new DataView(new ArrayBuffer(4));

/** The bits of the half float nearest to a number; beyond its range, the largest. */
export function toHalf(value) {
  bits.setFloat32(0, value);
  const x = bits.getUint32(0);
  const sign = (x >>> 16) & 0x8000;
  const exponent = ((x >>> 23) & 0xff) - 112;
  const fraction = x & 0x7fffff;
  if (exponent >= 31) return sign | 0x7bff;
  if (exponent <= 0) {
    if (exponent < -10) return sign;
    const whole = fraction | 0x800000;
    const shift = 14 - exponent;
    return sign | ((whole + (1 << (shift - 1))) >> shift);
  }
  // A carry out of the fraction runs into the exponent, which is what rounding up means.
  return sign | ((exponent << 10) + ((fraction + 0x1000) >> 13));
}

let table = null;

/** All 65536 halves as numbers. */
function halfTable() {
  if (table) return table;
  table = new Float32Array(65536);
  for (let i = 0; i < 65536; i++) {
    const exponent = (i >> 10) & 31;
    const fraction = i & 1023;
    const size = exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024);
    table[i] = i & 0x8000 ? -size : size;
  }
  return table;
}

/** Bits of halves as numbers. */
export function fromHalves(halves) {
  const known = halfTable();
  const out = new Float32Array(halves.length);
  for (let i = 0; i < out.length; i++) out[i] = known[halves[i]];
  return out;
}

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function openPng(bytes) {
  const options = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }), options);
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  image.close();
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

/** Join the planes of low and high bytes into 16-bit numbers. */
export function joinPlanes(bytes) {
  const count = bytes.length >> 1;
  const out = new Uint16Array(count);
  for (let i = 0; i < count; i++) out[i] = bytes[i] | (bytes[i + count] << 8);
  return out;
}

/** Undo "each number as its difference from the one on its left", in place. */
export function undoLeft(codes, height, width, channels) {
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    const first = y * row;
    for (let i = first + channels; i < first + row; i++) codes[i] += codes[i - channels];
  }
  return codes;
}

/** 10-bit codes of a picture: a PNG of the upper 8, and the lower 2 packed by fours. */
async function openTenBits(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const [rgba, low] = await Promise.all([openPng(bytes.subarray(4, 4 + length)), inflate(bytes.subarray(4 + length))]);
  const codes = new Uint16Array((rgba.length / 4) * 3);
  for (let i = 0, n = 0; i < rgba.length; i += 4) {
    for (let c = 0; c < 3; c++, n++) codes[n] = (rgba[i + c] << 2) | ((low[n >> 2] >> (2 * (n & 3))) & 3);
  }
  return codes;
}

/** Every `channels` of four bytes. */
function thin(rgba, channels) {
  const out = new Uint8Array((rgba.length / 4) * channels);
  for (let i = 0, n = 0; i < rgba.length; i += 4) for (let c = 0; c < channels; c++) out[n++] = rgba[i + c];
  return out;
}

/** One array of a plan: its size, and either `halves` (bits) or `codes`, of which each stands for
    code * scale + shift; of a picture that is display-coded (`curve`). */
async function readBlob(entry, bytes) {
  const [height, width, channels = 1] = entry.shape;
  const told = { key: entry.key, height, width, channels, curve: entry.curve === "srgb" };
  Object.assign(told, { scale: entry.scale ?? 1, shift: entry.offset_value ?? 0 });
  const level = (codes) => (entry.predict === "left" ? undoLeft(codes, height, width, channels) : codes);
  switch (entry.coding) {
    case "f16z":
      return { ...told, halves: joinPlanes(await inflate(bytes)) };
    case "u8z":
      return { ...told, codes: level(await inflate(bytes)) };
    case "u16z":
      return { ...told, codes: level(joinPlanes(await inflate(bytes))) };
    case "png8":
      return { ...told, codes: thin(await openPng(bytes), channels) };
    case "png8a":
      return { ...told, codes: await openPng(bytes) };
    case "png8+2":
      return { ...told, codes: await openTenBits(bytes) };
    default:
      throw new Error(`a plan holds an array coded as ${entry.coding}, which this page cannot read`);
  }
}

/** Read a plan. `kept` maps keys of blobs read before to what they held; what is read is added. */
export async function readPlan(buffer, kept = new Map()) {
  const bytes = new Uint8Array(buffer);
  if (new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) throw new Error("this is no plan");
  const length = new DataView(buffer).getUint32(8, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(12, 12 + length)));
  const start = 12 + length;
  const blobs = await Promise.all(
    header.blobs.map(async (entry) => {
      if (kept.has(entry.key)) return kept.get(entry.key);
      if (entry.offset === null) throw new Error("a plan leaves out an array that is not here");
      const from = start + entry.offset;
      const blob = await readBlob(entry, bytes.subarray(from, from + entry.bytes));
      kept.set(entry.key, blob);
      return blob;
    }),
  );
  return { ...header, arrays: blobs };
}

/** What each code of an array stands for; `make` turns a number into what is wanted of it. */
function codeTable(blob, make, Kind) {
  const size = blob.codes instanceof Uint16Array ? (blob.curve ? 1024 : 65536) : 256;
  const value = (code) => code * blob.scale + blob.shift;
  return Kind.from({ length: size }, (_, i) => make(blob.curve ? decodeCurve(value(i)) : value(i)));
}

function lookUp(blob, make, Kind) {
  const table = codeTable(blob, make, Kind);
  const out = new Kind(blob.codes.length);
  for (let i = 0; i < out.length; i++) out[i] = table[blob.codes[i]];
  return out;
}

/** An array of a plan as numbers: light is linear. */
export function numbersOf(blob) {
  return blob.halves ? fromHalves(blob.halves) : lookUp(blob, (x) => x, Float32Array);
}

/** An array of a plan as bits of halves. */
export function halvesOf(blob) {
  return blob.halves ?? lookUp(blob, toHalf, Uint16Array);
}

/** Stops of a layer that is the same everywhere, as three numbers. */
export function evenStops(blob) {
  const stops = numbersOf(blob);
  return stops.length === 3 ? [...stops] : [stops[0], stops[0], stops[0]];
}

/** What lies behind the person of a plan: 0 the photo, uncut; 1 a ground; 2 a ground made of the photo. */
export function groundKind({ ground, alpha, foreground }) {
  if (!ground || alpha === null || !foreground) return 0;
  return ground.is_photo ? 2 : 1;
}
