/* Where samples lie: grids over a frame, and kernels, as catchlight.pixels.grid has them. */

/** Longer sides at which the light around the edge and that of a blurred background are told. The
    first is half of the renderer's: what is told there is blurred over more than two of its pixels. */
export const WRAP_SIDE = 240;
export const RELIT_SIDE = 320;
/** Blur of the light around a place of the background, mm: two thirds of the disc of 6.3 mm. */
export const RELIT_MM = 4.2;

/** A grid of a plan, [w, h, a, b, tx, c, d, ty]: samples to pixels of the frame. */
export function readGrid([width, height, a, b, tx, c, d, ty]) {
  return { width, height, matrix: [a, b, tx, c, d, ty], scale: Math.sqrt(Math.abs(a * d - b * c)) };
}

/** The inverse of a similarity [a, b, tx, c, d, ty]. */
function invert([a, b, tx, c, d, ty]) {
  const n = a * d - b * c;
  return [d / n, -b / n, (b * ty - d * tx) / n, -c / n, a / n, (c * tx - a * ty) / n];
}

/** Whether a grid's samples are those of a whole frame, however many there are. */
function covers(grid, width, height) {
  const sx = width / grid.width;
  const sy = height / grid.height;
  const whole = [sx, 0, 0.5 * sx - 0.5, 0, sy, 0.5 * sy - 0.5];
  const off = Math.max(...whole.map((v, i) => Math.abs(v - grid.matrix[i])));
  return off * Math.max(grid.width, grid.height) < 0.01;
}

/** How a layer is brought to the frame: zeros around it, a blur before, and its pixels there.

   Below 0.7 pixels a sample a field is averaged first: straight lines would skip some. */
export function placeLayer(grid, box, width, height) {
  const [x0, y0, x1, y1] = box;
  const isWhole = x0 === 0 && y0 === 0 && x1 === grid.width && y1 === grid.height;
  const over = covers(grid, width, height);
  const scale = over ? Math.min(width / grid.width, height / grid.height) : grid.scale;
  const fine = over ? scale < 0.999 : scale < 0.7;
  const sigma = fine ? 0.5 * Math.sqrt(1 / scale ** 2 - 1) : 0;
  const rim = over && isWhole ? 0 : fine ? Math.ceil(3 / scale) : 1;
  const back = invert(grid.matrix);
  // From the frame to samples of the padded box.
  const toBox = [back[0], back[1], back[2] - x0 + rim, back[3], back[4], back[5] - y0 + rim];
  const far = rim + 1;
  const xs = [];
  const ys = [];
  for (const [u, v] of [[x0 - far, y0 - far], [x1 - 1 + far, y0 - far], [x0 - far, y1 - 1 + far], [x1 - 1 + far, y1 - 1 + far]]) {
    xs.push(grid.matrix[0] * u + grid.matrix[1] * v + grid.matrix[2]);
    ys.push(grid.matrix[3] * u + grid.matrix[4] * v + grid.matrix[5]);
  }
  const within = (value, most) => Math.min(most, Math.max(0, value));
  const area = over && isWhole
    ? [0, 0, width, height]
    : [
        within(Math.floor(Math.min(...xs)), width),
        within(Math.floor(Math.min(...ys)), height),
        within(Math.ceil(Math.max(...xs)) + 1, width),
        within(Math.ceil(Math.max(...ys)) + 1, height),
      ];
  return { rim, sigma, toBox, area, exact: over && isWhole && grid.width === width && grid.height === height };
}

/** The size of a picture made smaller, never larger: longer side at `longest`. */
export function shrunk(width, height, longest) {
  const factor = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor)), factor];
}
