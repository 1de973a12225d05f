/* Languages of the page: the file texts/CODE.json, its own name, and the way it is written. */

export const LANGUAGES = {
  en: { name: "English", dir: "ltr" },
  de: { name: "Deutsch", dir: "ltr" },
};
