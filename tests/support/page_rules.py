"""Rules of a page's elements, run in the page: those of axe-core that its tree does not tell of.

Each is named as axe-core names it. The contrast of words, which depends on the theme, is checked
with the themes; names, values and headings by the tree that assistive technology is given.
"""

from __future__ import annotations

#: Answers with a list of faults, each "rule: element".
RULES = """() => {
  const faults = [];
  const all = [...document.querySelectorAll("body, body *")];
  const say = (rule, e) => faults.push(`${rule}: ${e.outerHTML.slice(0, 90)}`);
  const sheet = document.querySelector("dialog[open]");
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    (!sheet || sheet.contains(e));
  const acted = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1']), [role=slider]";
  const ids = new Map();
  for (const e of all) if (e.id) ids.set(e.id, [...(ids.get(e.id) ?? []), e]);
  for (const found of ids.values()) if (found.length > 1) say("duplicate-id", found[1]);
  if (!/^[a-z]{2}(-|$)/.test(document.documentElement.lang)) say("html-has-lang", document.documentElement);
  if (!document.title.trim()) faults.push("document-title: none");
  const viewport = document.querySelector("meta[name=viewport]")?.content ?? "";
  if (/user-scalable\\s*=\\s*(no|0)|maximum-scale/.test(viewport)) faults.push(`meta-viewport: ${viewport}`);
  const known = /^(activedescendant|atomic|autocomplete|busy|checked|controls|current|describedby|description|details|disabled|errormessage|expanded|haspopup|hidden|invalid|keyshortcuts|label|labelledby|level|live|modal|multiselectable|orientation|owns|placeholder|posinset|pressed|readonly|relevant|required|roledescription|rowcount|selected|setsize|sort|valuemax|valuemin|valuenow|valuetext)$/;
  for (const e of all) {
    for (const { name, value } of e.attributes) {
      if (!name.startsWith("aria-")) continue;
      if (!known.test(name.slice(5))) say("aria-valid-attr", e);
      if (/controls|describedby|labelledby|owns|activedescendant/.test(name))
        for (const id of value.split(/\\s+/).filter(Boolean)) if (!ids.has(id)) say("aria-valid-attr-value", e);
    }
    if (e.tabIndex > 0) say("tabindex", e);
    if (e.tagName === "LI" && !e.parentElement.matches("ul, ol, menu")) say("listitem", e);
    if (e.matches("ul, ol") && [...e.children].some((c) => !c.matches("li, script, template"))) say("list", e);
    if (e.tagName === "IMG" && !e.hasAttribute("alt")) say("image-alt", e);
    if (e.matches("[aria-hidden=true]") && seen(e) && [e, ...e.querySelectorAll("*")].some((x) => x.matches(acted) && seen(x)))
      say("aria-hidden-focus", e);
    if (e.matches("button, a[href], summary") && [...e.querySelectorAll("*")].some((x) => x.matches("a[href], button, input, select, textarea, [tabindex='0']")))
      say("nested-interactive", e);
    if (e.matches("a[href], button") && e.hasAttribute("aria-label") && seen(e)) {
      const [words, name] = [e.innerText, e.getAttribute("aria-label")].map((x) => x.toLowerCase().replace(/[^\\p{L}\\p{N}]+/gu, " ").trim());
      if (words && !name.includes(words) && !words.split(" ").every((word) => name.includes(word))) say("label-content-name-mismatch", e);
    }
  }
  // 24 pixels each way, or so much room around (WCAG 2.2, 2.5.8); what a label enlarges counts with it.
  const boxes = all.filter((e) => e.matches(acted) && !e.matches(".heard, .heard *, dialog, [role=group], [role=tabpanel]") && seen(e) && !e.disabled)
    .map((e) => ({ e, box: (e.closest("label") ?? e).getBoundingClientRect() })).filter(({ box }) => box.width && box.height);
  for (const { e, box } of boxes) {
    if (box.width >= 23.5 && box.height >= 23.5) continue;
    if (e.matches("a") && getComputedStyle(e).display === "inline") continue;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const near = boxes.some(({ e: other, box: b }) => other !== e && !e.contains(other) && !other.contains(e) &&
      Math.hypot(Math.max(b.left - x, 0, x - b.right), Math.max(b.top - y, 0, y - b.bottom)) < 12);
    if (near) say("target-size", e);
  }
  // Every word lies in a landmark, a sheet, or a place for what is said.
  if (!sheet) {
    const home = "main, header, footer, nav, aside, dialog, [role=region], [role=status], [role=alert], [aria-live], .skip, script, style";
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const e = walk.currentNode.parentElement;
      if (walk.currentNode.textContent.trim() && seen(e) && !e.closest(home) && !e.closest("[aria-hidden=true]")) say("region", e);
    }
  }
  // What scrolls can be scrolled by keys: something in it takes the focus.
  for (const e of all) {
    const style = getComputedStyle(e);
    const scrolls = /auto|scroll/.test(style.overflowY) && e.scrollHeight > e.clientHeight + 2;
    if (scrolls && seen(e) && e.tabIndex < 0 && !e.matches("body") && ![...e.querySelectorAll("*")].some((x) => x.matches(acted) && seen(x)))
      say("scrollable-region-focusable", e);
  }
  return faults;
}"""  # noqa: E501 - a script
