/* What the browser keeps, so that a reload loses nothing: one record in IndexedDB. */

const NAME = "catchlight";
const SHELF = "work";

function open() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function act(mode, work) {
  const base = await open();
  try {
    return await new Promise((done, fail) => {
      const change = base.transaction(SHELF, mode);
      const asked = work(change.objectStore(SHELF));
      change.oncomplete = () => done(asked?.result);
      change.onerror = () => fail(change.error);
      change.onabort = () => fail(change.error);
    });
  } finally {
    base.close();
  }
}

/** Keep a value; where the browser keeps nothing (private windows, a full disk), work goes on. */
export async function keep(name, value) {
  try {
    await act("readwrite", (shelf) => shelf.put(value, name));
    return true;
  } catch {
    return false;
  }
}

export async function recall(name) {
  try {
    return await act("readonly", (shelf) => shelf.get(name));
  } catch {
    return undefined;
  }
}

/** Forget everything that was kept. */
export async function forget() {
  try {
    await act("readwrite", (shelf) => shelf.clear());
  } catch {
    /* nothing was kept */
  }
}
