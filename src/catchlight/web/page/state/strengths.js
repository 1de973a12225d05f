/* Strengths: the dial's curves, and what a hand set beside them. */

/** A curve's value at a place of the dial; `points` are evenly spread from 0 to 1. */
export function follow(points, polish) {
  const at = Math.min(Math.max(polish, 0), 1) * (points.length - 1);
  const left = Math.min(Math.floor(at), points.length - 2);
  return points[left] + (points[left + 1] - points[left]) * (at - left);
}

/** Strengths at a place of the dial: what was set by hand stays. */
export function strengthsAt({ curves, polish, hand, held = {} }) {
  const out = {};
  for (const [name, points] of Object.entries(curves)) {
    out[name] = round(follow(points, polish) * (held[name] ?? 1));
  }
  return { ...out, ...hand };
}

/** Shares of the curves that are left of what the guard of the skin holds back. */
export function heldBack(curves, adjust, polish) {
  const out = {};
  for (const [name, points] of Object.entries(curves)) {
    const full = follow(points, polish);
    const share = full === 0 ? 1 : (adjust[name] ?? full) / full;
    if (share < 0.995 && share >= 0) out[name] = share;
  }
  return out;
}

const round = (value) => Math.round(value * 1e4) / 1e4;

/** The word for a place of the dial. */
export function wordOf(polish) {
  const words = ["authentic", "hint", "light", "balanced", "finished", "polished"];
  return words[Math.min(words.length - 1, Math.round(polish * (words.length - 1)))];
}
