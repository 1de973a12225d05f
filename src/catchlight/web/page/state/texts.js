/* Texts: every word of the page, from texts/LANGUAGE.json. */

import { LANGUAGES } from "./languages.js";
import { Sentences } from "./sentences.js";

let words = {};
let fallback = {};
let language = "en";
/** What the service says in English, in this language; null for those who read that. */
let sentences = null;

async function load(name) {
  const answer = await fetch(`/page/texts/${name}.json`);
  return answer.json();
}

/** Choose the language: what was chosen before, else the browser's, else English. */
export async function loadTexts(chosen = null) {
  const asked = chosen ?? localStorage.getItem("catchlight.language") ?? navigator.language.slice(0, 2);
  language = asked in LANGUAGES ? asked : "en";
  fallback = Object.keys(fallback).length ? fallback : await load("en");
  words = language === "en" ? fallback : await load(language);
  sentences = language === "en" ? null : new Sentences(await load(`sentences/${language}`), { wordFor, and: t("list.and") });
  document.documentElement.lang = language;
  document.documentElement.dir = LANGUAGES[language].dir;
  document.title = t("title");
}

export function currentLanguage() {
  return language;
}

/** A text; `{name}` in it is replaced by a value. */
export function t(key, values = {}) {
  const text = words[key] ?? fallback[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** A text of the catalogue in this language, or what the server calls it. */
export function told(key, otherwise) {
  return words[key] ?? (language === "en" ? otherwise : fallback[key] ?? otherwise);
}

/** What a catalogue calls a thing, where a sentence of the service names it. */
function wordFor(said) {
  const [dashed, joined] = [said.replaceAll(" ", "-"), said.replaceAll(" ", "_")];
  return words[`cloth.${dashed}`] ?? words[`backdrop.${dashed}`] ?? words[`setting.${dashed}.title`] ?? words[`adjust.${joined}.title`];
}

/** A sentence of the service, as the props of an element: in this language, or else marked as
    English, so that it is read aloud as such. It begins with a capital, as sentences do. */
export function spoken(text, { capital = true } = {}) {
  if (!text) return { text: "" };
  const here = sentences ? sentences.translate(text) : text;
  const shown = here ?? text;
  return { text: capital ? shown.charAt(0).toUpperCase() + shown.slice(1) : shown, ...(here === null ? { lang: "en" } : {}) };
}

/** Put a sentence of the service into an element that is there already. */
export function speak(element, text) {
  const { text: shown, lang } = spoken(text);
  element.textContent = shown;
  if (lang) element.lang = lang;
  else element.removeAttribute("lang");
}

/** A number as people of this language write it. */
export function number(value, digits = 0) {
  return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** Say something to those who hear the page. */
export function say(text, { urgent = false } = {}) {
  const place = document.getElementById(urgent ? "said-now" : "said");
  if (place) place.textContent = text;
}
