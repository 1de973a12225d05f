/* Out: the very Look on screen, rendered by the service at full size. */

import { ask, follow, get, Problem } from "../state/service.js";
import { number, say, spoken, t, told } from "../state/texts.js";
import { button, h } from "./html.js";
import { sheetHead } from "./sheet.js";

export class Save {
  constructor(studio) {
    this.state = studio;
    this.sheet = h("dialog", { class: "sheet-dialog save", "aria-label": t("save.title") });
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
    document.body.append(this.sheet);
  }

  open() {
    const { schema, choice } = this.state;
    if (!choice) return;
    const remembered = localStorage.getItem("catchlight.format") ?? "JPEG";
    this.format = h("div", { class: "segments", role: "radiogroup", "aria-label": t("save.format") }, schema.formats.map((name) => {
      const input = h("input", { type: "radio", name: "format", value: name, id: `format-${name}`, checked: name === remembered });
      return h("label", { for: `format-${name}` }, input, h("span", { text: name }));
    }));
    const { sizes } = this.state.settingOf(choice.setting);
    this.size = h("select", { id: "save-size" },
      h("option", { value: "", text: t("save.full") }),
      sizes.map((size) => h("option", { value: size.name, text: `${told(`size.${size.name}`, size.name.replaceAll("_", " "))} · ${size.width} × ${size.height}` })),
      h("option", { value: "*", text: t("save.all", { count: number(sizes.length) }) }));
    this.report = h("input", { type: "checkbox", id: "save-report" });
    this.go = button(t("save.go"), { icon: "save", class: "button primary", on: () => this.save() });
    this.progress = h("progress", { max: 1, hidden: true, "aria-label": t("save.working") });
    this.status = h("p", { class: "soft", role: "status" });
    this.stop = button(t("save.stop"), { class: "quiet", hidden: true, on: () => this.cancel?.() });
    this.sheet.replaceChildren(
      sheetHead(this.sheet, t("save.title")),
      this.format,
      h("div", { class: "field" }, h("label", { for: "save-size", text: t("save.size") }), this.size),
      h("label", { class: "check", for: "save-report" }, this.report, h("span", { text: t("save.report") })),
      h("div", { class: "row" }, this.go, this.stop), this.progress, this.status,
      h("hr"),
      h("div", { class: "row" }, button(t("save.copy"), { icon: "copy", class: "quiet", on: () => this.copy() }), button(t("save.look"), { icon: "save", class: "quiet", on: () => this.saveLook() })),
      h("p", { class: "soft small", text: t("save.note") }),
    );
    this.sheet.showModal();
    this.go.focus();
  }

  get wanted() {
    const format = this.format.querySelector("input:checked")?.value ?? "JPEG";
    const size = this.size.value;
    const { setting } = this.state.choice;
    return { look: this.state.lookOf(), format, setting, sizes: size === "*" ? "setting" : size ? [size] : null, report: this.report.checked };
  }

  async save() {
    const body = this.wanted;
    localStorage.setItem("catchlight.format", body.format);
    await this.working(async (signal) => {
      const answer = await this.render(body, signal);
      const blob = await answer.blob();
      const name = nameOf(answer) ?? `headshot.${body.format.toLowerCase()}`;
      hand(blob, name);
      return sayFile(name, blob);
    });
  }

  /** Ask for the file: as a job with progress where the service offers it. */
  async render(body, signal) {
    // Not called off before its job has a name: else it would go on with nobody to stop it.
    const answer = await ask("POST", `${this.state.path}/render`, { json: body, headers: { Prefer: "respond-async" } });
    if (answer.status !== 202) return answer;
    const { job } = await answer.json();
    if (signal.aborted) {
      ask("DELETE", `/jobs/${job}`).catch(() => {});
      throw new DOMException("", "AbortError");
    }
    await this.wait(job, signal);
    return ask("GET", `/jobs/${job}/result`, { signal });
  }

  wait(job, signal) {
    return new Promise((done, fail) => {
      const finish = (act) => {
        stop();
        clearInterval(timer);
        act();
      };
      const look = (told) => {
        if (typeof told.progress === "number") this.progress.value = told.progress;
        if (told.text_key) this.status.textContent = t(told.text_key);
        if (told.state === "done") finish(done);
        else if (told.state === "failed" || told.state === "cancelled") finish(() => fail(new Problem(told.problem?.status ?? 500, told.problem ?? {})));
      };
      const stop = follow(`/jobs/${job}/events`, (kind, told) => look(["done", "failed", "cancelled"].includes(kind) ? { ...told, state: kind } : told));
      // Where a stream of events is cut off, the job is asked itself.
      const timer = setInterval(() => get(`/jobs/${job}`).then(look, () => {}), 1500);
      signal.addEventListener("abort", () => {
        finish(() => fail(new DOMException("", "AbortError")));
        ask("DELETE", `/jobs/${job}`).catch(() => {});
      });
    });
  }

  async working(act) {
    const call = new AbortController();
    this.cancel = () => call.abort();
    this.go.disabled = true;
    this.stop.hidden = this.progress.hidden = false;
    this.progress.removeAttribute("value");
    this.status.textContent = t("save.working");
    try {
      this.status.textContent = await act(call.signal);
      say(this.status.textContent);
    } catch (error) {
      this.status.textContent = error.name === "AbortError" ? t("save.stopped") : wordsOf(error);
    } finally {
      this.go.disabled = false;
      this.stop.hidden = this.progress.hidden = true;
    }
  }

  /** Copy the picture, as it is on screen, as PNG. */
  async copy() {
    await this.working(async (signal) => {
      const make = async () => (await this.render({ ...this.wanted, format: "PNG", sizes: null, report: false }, signal)).blob();
      await navigator.clipboard.write([new ClipboardItem({ "image/png": make() })]);
      return t("save.copied");
    });
  }

  async saveLook() {
    await this.working(async (signal) => {
      const answer = await ask("POST", `${this.state.path}/toml`, { json: { look: this.state.lookOf() }, signal });
      hand(await answer.blob(), "look.toml");
      return t("save.looked");
    });
  }
}

/** Hand a file to the person. */
function hand(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A file that was saved, in words: its name, its pixels where this browser can open it, its size. */
async function sayFile(name, blob) {
  const size = number(blob.size / 1e6, 1);
  const image = await createImageBitmap(blob).catch(() => null);
  if (!image) return t("save.done", { name, size });
  const { width, height } = image;
  image.close();
  return t("save.done.pixels", { name, width: String(width), height: String(height), size });
}

function nameOf(answer) {
  return /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1];
}

/** A problem in words: ours by its code, which never changes; and what the service says of it beside,
    where that is known in this language. */
export function wordsOf(error) {
  const known = told(`problem.${error.code}`, "");
  const { text, lang } = spoken(error.message);
  if (!known) return text && !lang ? text : t("problem.fault");
  return error.status === 422 && !lang ? `${known} ${text}`.trim() : known;
}
