/* Undo and redo, without end: choices as they were, each a value that is never changed. */

export class History {
  constructor(first, { past = [], future = [] } = {}) {
    this.now = first;
    this.past = past;
    this.future = future;
  }

  /** A new choice; what had been undone is gone. Does nothing where it is the one of now. */
  add(choice) {
    if (JSON.stringify(choice) === JSON.stringify(this.now)) return false;
    this.past.push(this.now);
    this.now = choice;
    this.future = [];
    return true;
  }

  undo() {
    if (!this.past.length) return null;
    this.future.push(this.now);
    this.now = this.past.pop();
    return this.now;
  }

  redo() {
    if (!this.future.length) return null;
    this.past.push(this.now);
    this.now = this.future.pop();
    return this.now;
  }

  toJSON() {
    return { now: this.now, past: this.past, future: this.future };
  }

  static from({ now, past, future }) {
    return new History(now, { past: [...past], future: [...future] });
  }
}
