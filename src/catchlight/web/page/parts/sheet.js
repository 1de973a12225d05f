/* Sheets: dialogs over the page. */

import { t } from "../state/texts.js";
import { button, h } from "./html.js";

/** The head of a sheet: a title (words or parts), and the button that closes it. */
export function sheetHead(sheet, ...title) {
  return h("header", {}, h("h2", {}, title), button(t("close"), { icon: "close", shown: false, class: "tool", on: () => sheet.close() }));
}
