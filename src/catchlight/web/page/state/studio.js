/* The studio's state: one session, one choice, its plan and its numbers. Parts listen to it.

   Vocabulary: a *choice* is what undo takes back: setting, place of the dial, strengths set by hand,
   fields chosen, and the Look that the service spelled out of them. Events: `session`, `choice`
   (what is drawn may change), `plan`, `numbers`, `busy`, `problem`, `versions`. */

import { readPlan } from "../draw/plan_file.js";
import { keepArrays } from "./arrays.js";
import { History } from "./history.js";
import { bytes, post } from "./service.js";
import { heldBack, strengthsAt } from "./strengths.js";
import { Visit } from "./visit.js";

/** After the last change, ms, until the numbers are asked for. */
const SETTLED = 90;
/** Longer side of the plan, pixels. */
const LONGEST = 1600;
/** A first look that were as large as this, pixels, is all of it at once. */
const NEARLY = 1300;
const LEAST = 480;
/** Numbers wait for the picture to be drawn, at the longest so, ms: both want the same processor. */
const DRAWING = 8000;

export class Studio extends Visit {
  /** What was chosen by hand, as the service takes it. */
  valuesOf({ chosen = {}, hand = {} } = {}) {
    return Object.keys(hand).length ? { ...chosen, adjust: hand } : { ...chosen };
  }

  /** Spell out a setting at its own place of the dial; then find how far likeness allows. */
  async begin(setting, { polish = this.settingOf(setting).polish } = {}) {
    this.setBusy("look", true);
    try {
      const { chosen = {}, hand = {} } = this.choice ?? {};
      const values = this.valuesOf({ chosen, hand });
      const told = await post(`${this.path}/look`, { setting, polish, values });
      const { adjust, ...look } = told.look;
      const curves = told.curve.adjust;
      this.set({
        setting, look, chosen, hand, polish, home: polish, curves, held: heldBack(curves, adjust, polish),
        stop: told.stopped_at, stoppedBy: told.stopped_by, heldText: told.held_back, backdrop: told.backdrop,
      });
      this.unstopped = true;
    } finally {
      this.setBusy("look", false);
    }
  }

  settingOf(name) {
    return this.schema.settings.find((each) => each.name === name);
  }

  /** Ask how far the dial may go before likeness says no; a dial nobody touched goes back to it. */
  async findStop() {
    if (!this.unstopped || !this.choice) return;
    this.unstopped = false;
    const asked = this.choice;
    try {
      const body = { setting: asked.setting, polish: null, values: this.valuesOf(asked) };
      const told = await post(`${this.path}/look`, body);
      const now = this.choice;
      if (!now || now.setting !== asked.setting) return;
      const stop = told.stopped_at ?? 1;
      const untouched = now.polish === now.home && this.history.past.length === 0;
      const polish = untouched && typeof stop === "number" ? Math.min(now.polish, stop) : now.polish;
      const next = { ...now, stop, stoppedBy: told.stopped_by, polish, home: untouched ? polish : now.home };
      this.history.now = next;
      this.choice = next;
      this.after(true);
    } catch (error) {
      if (error.code !== "superseded") this.fail(error);
    }
  }

  /** The Look as the service takes it. */
  lookOf(choice = this.choice) {
    return { ...choice.look, adjust: strengthsAt(choice) };
  }

  get strengths() {
    return strengthsAt(this.choice);
  }

  /** Take a choice; `done` is false while a hand is still moving. */
  set(choice, { done = true } = {}) {
    this.choice = choice;
    if (done) {
      if (!this.history) this.history = new History(choice);
      else this.history.add(choice);
    }
    this.after(done);
  }

  /** Change some of the choice. */
  change(parts, options) {
    this.set({ ...this.choice, ...parts }, options);
  }

  setPolish(polish, options) {
    this.change({ polish }, options);
  }

  setStrength(name, value, options) {
    this.change({ hand: { ...this.choice.hand, [name]: value } }, options);
  }

  /** Give a strength back to the dial. */
  resetStrength(name) {
    const { [name]: _, ...hand } = this.choice.hand;
    this.change({ hand });
  }

  /** Choose fields of the Look: a backdrop, a light, a crop. */
  choose(fields, options) {
    const { look, chosen } = this.choice;
    this.change({ look: { ...look, ...fields }, chosen: { ...chosen, ...fields } }, options);
  }

  undo() {
    this.go(this.history?.undo());
  }

  redo() {
    this.go(this.history?.redo());
  }

  go(choice) {
    if (!choice) return;
    this.choice = choice;
    this.after(true);
  }

  after(done) {
    this.tell("choice", { done });
    this.keepSoon();
    if (this.planWanted() !== this.planKey) this.planSoon(done);
    else if (this.lacking && this.misses()) this.fetchRest();
    this.measureSoon();
  }

  /** What decides the plan: everything but strengths. */
  planWanted() {
    return JSON.stringify(this.choice.look);
  }

  planSoon(done) {
    clearTimeout(this.planning);
    this.planning = setTimeout(() => this.fetchPlan(), done ? 0 : 150);
  }

  /** Ask for the picture. The first is as large as it is shown and holds what its look uses; all of
      it follows with `detail`, when that one is drawn and measured. */
  async fetchPlan({ detail = false } = {}) {
    if (!this.choice) return;
    const seen = this.plan || detail ? Infinity : this.seen();
    const shown = seen < NEARLY ? Math.max(seen, LEAST) : null;
    const wanted = this.planWanted();
    this.planKey = wanted;
    this.planCall?.abort();
    this.planCall = new AbortController();
    const { signal } = this.planCall;
    this.setBusy("plan", true);
    try {
      const request = { look: this.lookOf(), longest: LONGEST, have: [...this.blobs.keys()].slice(-200), detail, shown };
      const buffer = await bytes(`${this.path}/plan`, request, { signal });
      const plan = await readPlan(buffer, this.blobs);
      if (signal.aborted) return;
      keepArrays(this.blobs, plan);
      this.plan = plan;
      this.lacking = !detail && (shown !== null || plan.missing?.length > 0);
      this.tell("plan");
      // Where the numbers came first, nobody else would ask for what this one lacks.
      if (this.lacking && !this.stale) this.fetchRest();
    } catch (error) {
      if (error.name !== "AbortError") {
        this.planKey = null;
        this.fail(error);
      }
    } finally {
      if (!signal.aborted) this.setBusy("plan", false);
    }
  }

  /** The picture is on the screen: now its numbers are wanted. */
  noteDrawn() {
    if (this.drawn) return;
    this.drawn = true;
    if (this.stale) this.measureSoon();
  }

  async measure() {
    if (!this.choice) return;
    this.measureCall?.abort();
    const call = (this.measureCall = new AbortController());
    const look = this.lookOf();
    try {
      const numbers = await post(`${this.path}/measure`, { look, quick: true }, { signal: call.signal });
      if (call.signal.aborted) return;
      this.numbers = numbers;
      this.stale = false;
      this.tell("numbers");
      this.rest();
    } catch (error) {
      if (error.name !== "AbortError" && error.code !== "superseded") this.fail(error);
    }
  }

  /** What takes seconds comes when the picture and its numbers stand already. */
  async rest() {
    if (this.lacking) await this.fetchRest();
    else if (this.unstopped) await this.findStop();
    else if (!this.before) await this.lookBack();
  }

  async fetchRest() {
    this.lacking = false;
    await this.fetchPlan({ detail: true });
    this.measureSoon();
  }

  /** Whether something is to act of which the first look knows nothing. */
  misses() {
    const { strengths } = this;
    return (this.plan?.missing ?? []).some((name) => name !== "detail" && strengths[name]);
  }

  /** How good the photo was before: told once a frame, as it takes a little longer. */
  async lookBack() {
    try {
      const numbers = await post(`${this.path}/measure`, { look: this.lookOf(), quick: false });
      this.before = numbers;
      this.tell("numbers");
    } catch (error) {
      if (error.code !== "superseded") this.fail(error);
    }
  }

  measureSoon() {
    this.stale = true;
    this.tell("stale");
    clearTimeout(this.measuring);
    this.measuring = setTimeout(() => this.measure(), this.drawn ? SETTLED : DRAWING);
  }

  /** What each edit costs and gives, in points. */
  costs() {
    return post(`${this.path}/costs`, { look: this.lookOf() });
  }
}
