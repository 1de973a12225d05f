/* The service, asked: JSON, forms, bytes; problems as errors that carry their code. */

const ROOT = "/api/v1";

export class Problem extends Error {
  constructor(status, told) {
    super(told.detail ?? told.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = told.code ?? String(status);
  }
}

async function check(answer) {
  if (answer.ok) return answer;
  throw new Problem(answer.status, await answer.json().catch(() => ({})));
}

/** Ask: `json` or `form` is the body; `signal` calls it off. A busy service is asked again. */
export async function ask(method, path, { json, form, signal, headers = {} } = {}) {
  const body = json === undefined ? form : JSON.stringify(json);
  const kind = json === undefined ? {} : { "Content-Type": "application/json" };
  for (let tries = 0; ; tries++) {
    let answer;
    try {
      answer = await fetch(ROOT + path, { method, body, signal, headers: { ...kind, ...headers } });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem(0, { code: "away", detail: "" });
    }
    if (answer.status !== 429 || tries >= 4) return check(answer);
    const seconds = Math.min(10, Number(answer.headers.get("Retry-After") ?? 1) || 1);
    await new Promise((go) => setTimeout(go, 1000 * seconds));
  }
}

/** The address of what an element of the page loads by itself. */
export const address = (path) => ROOT + path;

export const get = async (path, options) => (await ask("GET", path, options)).json();
export const post = async (path, json, options) => (await ask("POST", path, { json, ...options })).json();
export const bytes = async (path, json, options) => (await ask("POST", path, { json, ...options })).arrayBuffer();
export const picture = async (path, json, options) => (await ask("POST", path, { json, ...options })).blob();

/** Follow what a session does; hands each event on, and answers with a function that stops. */
export function follow(path, act) {
  const source = new EventSource(ROOT + path);
  for (const kind of ["stage", "photos", "ready", "problem", "progress", "variant", "done", "failed", "cancelled"]) {
    source.addEventListener(kind, (event) => act(kind, event.data ? JSON.parse(event.data) : {}));
  }
  return () => source.close();
}
