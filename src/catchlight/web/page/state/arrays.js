/* The arrays of plans that the page holds on to, by key: none of them is sent twice. */

const MOST = 160;

/** Keep the arrays of `plan` and those used last in `held`, a map from key to array. */
export function keepArrays(held, plan) {
  for (const each of plan.arrays) {
    held.delete(each.key);
    held.set(each.key, each);
  }
  for (const key of held.keys()) {
    if (held.size <= MOST) break;
    held.delete(key);
  }
}
