/* A visit: the photos that were brought, the session that holds them, and what is kept of it here. */

import { History } from "./history.js";
import { forget, keep, recall } from "./keeping.js";
import { ask, follow, get, post, Problem } from "./service.js";

/** After the last change, ms, until all is kept. */
const KEPT = 800;

export class Visit extends EventTarget {
  constructor() {
    super();
    this.schema = null;
    /** Longer side of the picture as the page shows it, pixels of the screen; the stage knows. */
    this.seen = () => Infinity;
    this.clear();
  }

  clear() {
    this.stop?.();
    this.session = null;
    this.files = [];
    this.history = null;
    this.choice = null;
    this.plan = null;
    this.numbers = this.before = null;
    this.stale = true;
    this.drawn = false;
    this.versions = [];
    this.blobs = new Map();
    this.busy = new Set();
  }

  tell(kind, detail = null) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  get path() {
    return `/sessions/${this.session.id}`;
  }

  setBusy(what, on) {
    this.busy[on ? "add" : "delete"](what);
    this.tell("busy", this.busy);
  }

  /** Read the schema, and what an earlier visit left. Says whether there was any. */
  async wake() {
    this.schema = await get("/schema");
    const kept = await recall("work");
    if (!kept?.session) return false;
    try {
      this.session = await get(`/sessions/${kept.session}`);
      this.files = kept.files ?? [];
    } catch (error) {
      if (!(error instanceof Problem) || error.status === 0 || !kept.files?.length) return false;
      await this.open(kept.files, { quiet: true });
    }
    this.versions = kept.versions ?? [];
    this.history = kept.history ? History.from(kept.history) : null;
    this.choice = this.history?.now ?? null;
    this.listen();
    this.tell("session");
    this.tell("versions");
    return true;
  }

  /** Bring photos in: a session of their own, or more for the one there is. */
  async open(files, { quiet = false } = {}) {
    const form = new FormData();
    for (const file of files) form.append("photo", file, file.name || "photo.jpg");
    const more = this.session && !quiet;
    const path = more ? `${this.path}/photos` : "/sessions";
    this.session = await (await ask("POST", path, { form })).json();
    this.files = more ? [...this.files, ...files] : [...files];
    if (!quiet) {
      if (!more) this.listen();
      this.tell("session");
    }
    this.keepSoon();
  }

  listen() {
    this.stop?.();
    this.stop = follow(`${this.path}/events`, (kind, told) => {
      if (kind === "stage") this.tell("stage", told);
      if (kind === "variant") this.tell("variant", told);
      if (kind === "photos") this.refresh();
    });
  }

  /** Read the session again. Where the service found a better source meanwhile, all starts from it;
      unless somebody has worked on the first one, which then stays. */
  async refresh() {
    const source = this.session.source;
    this.session = await get(this.path);
    if (this.session.source !== source && this.history?.past.length) this.session = await post(`${this.path}/use`, { photo: source, face: null });
    const moved = this.session.source !== source;
    if (moved) this.startOver();
    this.tell("session");
    if (moved) this.tell("moved");
  }

  /** Nobody waits any more for the picture and its numbers. */
  callOff() {
    clearTimeout(this.planning);
    clearTimeout(this.measuring);
    this.planCall?.abort();
    this.measureCall?.abort();
  }

  /** Nothing that was made of another photo stays. */
  startOver() {
    this.callOff();
    this.history = this.choice = this.plan = this.numbers = this.before = this.planKey = null;
    this.drawn = false;
  }

  /** Use another photo, or another face of it: everything starts again from it. */
  async use(photo, face = null) {
    this.session = await post(`${this.path}/use`, { photo, face });
    this.startOver();
    this.tell("session");
  }

  fail(error) {
    if (!(error instanceof Problem)) console.error(error);
    this.tell("problem", error);
  }

  keepSoon() {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keepNow(), KEPT);
  }

  async keepNow() {
    if (!this.session) return;
    const { id: session } = this.session;
    const history = this.history ? JSON.parse(JSON.stringify(this.history)) : null;
    await keep("work", { session, history, files: this.files, versions: this.versions });
  }

  /** Forget everything, here and on the server. */
  async forgetAll() {
    clearTimeout(this.keeping);
    this.callOff();
    const path = this.session && this.path;
    this.clear();
    await forget();
    this.tell("session");
    this.tell("versions");
    if (path) await ask("DELETE", path).catch(() => {});
  }
}
