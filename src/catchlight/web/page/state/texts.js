/* Texts: every word of the page, from texts/LANGUAGE.json. */

import { LANGUAGES } from "./languages.js";

let words = {};
let fallback = {};
let language = "en";

async function load(code) {
  const answer = await fetch(`/page/texts/${code}.json`);
  return answer.json();
}

/** Choose the language: what was chosen before, else the browser's, else English. */
export async function loadTexts(chosen = null) {
  const asked = chosen ?? localStorage.getItem("catchlight.language") ?? navigator.language.slice(0, 2);
  language = asked in LANGUAGES ? asked : "en";
  fallback = Object.keys(fallback).length ? fallback : await load("en");
  words = language === "en" ? fallback : await load(language);
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

/** A number as people of this language write it. */
export function number(value, digits = 0) {
  return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** Say something to those who hear the page. */
export function say(text, { urgent = false } = {}) {
  const place = document.getElementById(urgent ? "said-now" : "said");
  if (place) place.textContent = text;
}
