/* What the service says in English, in the language of the page.

   A sentence of texts/sentences/LANGUAGE.json has holes, `{}`; in its translation they follow each
   other too, or are numbered: `{2} {1}`. What fills a hole is a figure, a name, or words that are
   translated in turn. Sentences that the service joins are taken apart at their joints. */

/** Where sentences are joined, the weakest joint last. */
const JOINTS = [". ", "; ", ": ", ", ", " and "];
const FIGURE = /^[-+−±]?\d[\d.,]*\s?(%|:1)?$/;
const DEEPEST = 14;

const escape = (text) => text.replace(/[.*+?^$()|[\]\\{}]/g, "\\$&");
const lower = (text) => text.charAt(0).toLowerCase() + text.slice(1);
const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export class Sentences {
  /** `rows` are the file's; `wordFor` answers for a name of a catalogue, or with nothing;
      `and` is how the last of several is joined. */
  constructor(rows, { wordFor = () => undefined, and = " and " } = {}) {
    this.wordFor = wordFor;
    this.and = and;
    this.plain = new Map();
    this.holed = [];
    for (const [said, here] of Object.entries(rows)) {
      if (!said.includes("{}")) this.plain.set(lower(said), here);
      else this.holed.push({ shape: new RegExp(`^${lower(said).split("{}").map(escape).join("(.+?)")}$`), here, sure: said.replaceAll("{}", "").length });
    }
    // What says most itself is tried first: its holes are the smallest.
    this.holed.sort((a, b) => b.sure - a.sure);
  }

  /** The sentence in this language, or null where some of it is not known. */
  translate(text) {
    const said = String(text ?? "").trim();
    if (!said) return "";
    const end = /[.!?]$/.exec(said)?.[0] ?? "";
    const found = this.find(lower(end ? said.slice(0, -1) : said), 0);
    if (found === null) return null;
    return (said[0] === said[0].toUpperCase() ? upper(found) : found) + end;
  }

  find(said, depth) {
    if (FIGURE.test(said)) return this.figure(said);
    const known = this.plain.get(said) ?? this.wordFor(said);
    if (known !== undefined) return known;
    if (depth > DEEPEST) return null;
    for (const { shape, here } of this.holed) {
      const holes = shape.exec(said)?.slice(1);
      if (holes) return this.fill(here, holes, depth);
    }
    for (const joint of JOINTS) {
      for (let at = said.indexOf(joint); at > 0; at = said.indexOf(joint, at + 1)) {
        const first = this.find(said.slice(0, at), depth + 1);
        const rest = first && this.find(lower(said.slice(at + joint.length)), depth + 1);
        if (rest) return first + (joint === " and " ? this.and : joint) + (joint === ". " ? upper(rest) : rest);
      }
    }
    return null;
  }

  fill(here, holes, depth) {
    let next = 0;
    return here.replace(/\{(\d?)\}/g, (_, at) => {
      const hole = holes[at ? at - 1 : next++];
      return this.find(lower(hole), depth + 1) ?? hole;
    });
  }

  /** A figure as it is written here: the point of decimals, and a space before the percent sign. */
  figure(said) {
    return said.replace(/(\d)\.(\d)/g, `$1${this.point ?? ","}$2`).replace(/(\d)%/, "$1 %");
  }
}
