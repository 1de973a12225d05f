/* The check page: a headshot from anywhere, real photos, and the letter. */

import { brand, button, h, icon } from "./parts/html.js";
import { chooseTheme } from "./parts/menu.js";
import { wordsOf } from "./parts/save.js";
import { ask } from "./state/service.js";
import { loadTexts, number, say, spoken, t } from "./state/texts.js";

chooseTheme();
await loadTexts();
document.title = t("check.title");

const chosen = { headshot: [], photos: [] };

/** A place for files: dropped on it, or picked. */
function place(name, many) {
  const told = h("span", { class: "soft", text: t("check.none") });
  const show = () => {
    const count = chosen[name].length;
    told.textContent = count ? (many ? t("check.chosen", { count: number(count) }) : chosen[name][0].name) : t("check.none");
    go.disabled = !(chosen.headshot.length && chosen.photos.length);
  };
  const input = h("input", { type: "file", class: "heard", id: `check-${name}`, accept: "image/*,.heic,.heif,.avif", multiple: many, on: { change: () => { chosen[name] = [...input.files]; show(); } } });
  return h("label", {
    class: "file-place", for: `check-${name}`,
    on: {
      dragover: (event) => event.preventDefault(),
      drop: (event) => {
        event.preventDefault();
        chosen[name] = [...event.dataTransfer.files].slice(0, many ? 12 : 1);
        show();
      },
    },
  }, icon(many ? "photos" : "look"), h("strong", { text: t(`check.${name}`) }), told, input);
}

const go = button(t("check.go"), { class: "button primary", disabled: true, on: () => check() });
const working = h("p", { class: "working", role: "status", hidden: true });
const problem = h("p", { class: "problem", role: "alert", hidden: true });
const letter = h("section", { class: "letter", hidden: true, tabindex: -1 });
document.body.append(
  h("header", { class: "bar" }, brand(), h("span", { class: "grow" }), h("a", { class: "quiet", href: "/", text: t("check.studio") })),
  h("main", { class: "start check-page" }, h("h1", { text: t("check.title") }), h("p", { class: "lead", text: t("check.lead") }),
    h("div", { class: "file-places" }, place("headshot", false), place("photos", true)), go, working, problem, letter),
  h("div", { id: "said", class: "heard", "aria-live": "polite" }));

async function check() {
  const form = new FormData();
  form.append("headshot", chosen.headshot[0]);
  for (const photo of chosen.photos) form.append("photo", photo);
  form.append("page", "1");
  go.disabled = true;
  working.hidden = false;
  working.textContent = t("check.working");
  problem.hidden = letter.hidden = true;
  try {
    show(await (await ask("POST", "/check", { form })).json());
  } catch (error) {
    problem.textContent = wordsOf(error);
    problem.hidden = false;
  } finally {
    go.disabled = false;
    working.hidden = true;
  }
}

/** The letter in its own words; its page, with pictures, is a file to keep. */
function show(told) {
  const answer = String(told.answer ?? "cannot say").replaceAll(" ", "-");
  const words = [told.verdict, told.words ?? []].flat().filter(Boolean);
  const parts = [h("h2", { text: t(`check.${answer}`) }), h("div", {}, words.map((text) => h("p", spoken(text))))];
  for (const unread of told.unread ?? []) parts.push(h("p", { class: "soft", ...spoken(typeof unread === "string" ? unread : Object.values(unread).join(": ")) }));
  if (told.page) {
    const url = URL.createObjectURL(new Blob([told.page], { type: "text/html" }));
    parts.push(h("a", { class: "button", href: url, download: "check.html" }, icon("save"), h("span", { text: t("check.keep") })));
  }
  letter.className = `letter ${answer}`;
  letter.replaceChildren(...parts);
  letter.hidden = false;
  letter.focus();
  say(t(`check.${answer}`));
}
