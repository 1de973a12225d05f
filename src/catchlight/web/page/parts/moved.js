/* Why a number moved: which of its components did, told in a line when it matters. */

import { number, spoken, t, told } from "../state/texts.js";

/** Points that are worth a word, and components that are named. */
const WORTH = 2;
const NAMED = 2;
/** A turn of the dial that is worth a word where Polish stays, in places of it. */
const TURNED = 0.15;

/** How much each component of a number moved it, about, in its own weight; the most first. */
function partsOf(before, after) {
  const was = new Map(before.components.map((each) => [each.name, each]));
  return after.components
    .map((now) => {
      const old = was.get(now.name)?.score ?? null;
      const from = old ?? before.score / 100;
      const to = now.score ?? before.score / 100;
      return { now, old, pull: (now.weight ?? 1) * (to - from) };
    })
    .filter(({ now, old }) => old !== now.score);
}

function sayPart({ now, old }) {
  const title = told(`component.${now.name}`, now.title);
  const of = (score) => number(Math.round(100 * score));
  if (old === null) return t("moved.new", { title, score: of(now.score) });
  if (now.score === null) return t("moved.gone", { title });
  return t("moved.part", { title, from: of(old), to: of(now.score) });
}

/** What moved a number, in a sentence; null where it hardly moved. */
function sayNumber(kind, before, after) {
  if (before[kind].score === null || after[kind].score === null) return null;
  const [from, to] = [before, after].map((each) => Math.round(each[kind].score));
  if (Math.abs(to - from) < WORTH) return null;
  const up = to > from;
  const parts = partsOf(before[kind], after[kind]).filter(({ pull }) => (up ? pull > 0 : pull < 0));
  parts.sort((a, b) => Math.abs(b.pull) - Math.abs(a.pull));
  const line = t("moved.line", { kind: t(`numbers.${kind}`), from: number(from), to: number(to) });
  const named = parts.slice(0, NAMED).map(sayPart).join(", ");
  const why = !up && parts[0]?.old === null ? spoken(parts[0].now.text) : null;
  // A reason that is not known in this language is left out: its component can be pressed.
  return [line, named ? `${named}.` : "", why && !why.lang ? why.text : ""].filter(Boolean).join(" ");
}

/** What a change of the choice did to Polish, and why; or that the dial is seen, not counted.
    `before` and `after` are {numbers, choice} as they were measured. */
export function sayMove(before, after) {
  const said = sayNumber("polish", before.numbers, after.numbers);
  if (said) return said;
  const turned = Math.abs(after.choice.polish - before.choice.polish);
  if (turned >= TURNED && sayNumber("authenticity", before.numbers, after.numbers)) return t("moved.dial");
  return "";
}
