/* Elements, made in one line. */

const SVG = "http://www.w3.org/2000/svg";

/** An element: `props` are attributes, but for `on` (listeners), `class` and `text`. */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [kind, act] of Object.entries(value)) element.addEventListener(kind, act);
    else if (name === "text") element.textContent = value;
    else if (name === "style") Object.entries(value).forEach(([key, v]) => element.style.setProperty(key, v));
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An icon: strokes on a field of 24, named; the words beside it or its button's name say what it is. */
export function icon(name) {
  const drawn = svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" });
  drawn.append(svg("path", { d: ICONS[name] }));
  return drawn;
}

/** A button with an icon; `words` are its name, shown where `shown`. */
export function button(words, { icon: name = null, shown = true, on, ...props } = {}) {
  const named = shown ? {} : { "aria-label": words, title: words };
  const parts = [name && icon(name), shown && h("span", { text: words })];
  return h("button", { type: "button", ...named, ...props, on: { click: on } }, parts);
}

/** Whether the page is written from right to left. */
export const isRtl = () => document.documentElement.dir === "rtl";

/** Go with an arrow key to the neighbour of the child in focus, round the ends; answers with it. */
export function step(parent, event) {
  const all = [...parent.children];
  const at = all.indexOf(document.activeElement);
  const forward = isRtl() ? -1 : 1;
  const by = { ArrowRight: forward, ArrowDown: 1, ArrowLeft: -forward, ArrowUp: -1 }[event.key];
  if (at < 0 || !by) return null;
  event.preventDefault();
  const next = all[(at + by + all.length) % all.length];
  next.focus();
  return next;
}

/** The name of the house, which leads to the first page. */
export function brand() {
  return h("a", { class: "brand", href: "/", "aria-label": "Catchlight" }, h("span", { class: "brand-mark", "aria-hidden": "true" }), h("span", { text: "Catchlight" }));
}

const ICONS = {
  undo: "M9 6 4 11l5 5M4 11h10a6 6 0 0 1 0 12h-3",
  redo: "m15 6 5 5-5 5M20 11H10a6 6 0 0 0 0 12h3",
  compare: "M12 3v18M5 6h4v12H5zM15 6h4v12h-4z",
  split: "M12 2v20M4 6h5M4 18h5M15 6h5v12h-5",
  zoom: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM15.5 15.5 21 21",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14",
  more: "M5 11.4a.6.6 0 1 1 0 1.2.6.6 0 0 1 0-1.2ZM12 11.4a.6.6 0 1 1 0 1.2.6.6 0 0 1 0-1.2ZM19 11.4a.6.6 0 1 1 0 1.2.6.6 0 0 1 0-1.2Z",
  camera: "M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 10.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z",
  upload: "M12 20V8M7 12l5-5 5 5M5 4h14",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  look: "M4 17a8 8 0 0 1 16 0M12 17l4-6M4 17h.01M20 17h.01",
  backdrop: "M4 4h16v16H4zM12 9a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5ZM7.5 20a4.5 4.5 0 0 1 9 0",
  light: "M12 3v2M4.5 6 6 7.5M19.5 6 18 7.5M9 17a5 5 0 1 1 6 0v2H9zM10 21.5h4",
  frame: "M7 2v15h15M2 7h15v15",
  adjust: "M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h9M17 17h3M15 15v4",
  touch: "M14.5 4.5 19.5 9.5 9 20H4v-5zM12 7l5 5",
  versions: "M4 7h12v13H4zM8 7V4h12v13h-4",
  circle: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Z",
  warn: "M12 4 2.5 20h19zM12 10v5M12 17.5h.01",
  tick: "m5 12.5 4.5 4.5L19 7",
  reset: "M5 5v5h5M5.5 10a7.5 7.5 0 1 1-1 5",
  copy: "M8 8h11v12H8zM5 16V4h11",
  photos: "M3 6h14v13H3zM7 6V3h14v13h-4M6 16l3.5-4 2.5 3 1.5-1.5 2 2.5",
  explore: "M4 4h6v7H4zM14 4h6v4h-6zM14 12h6v8h-6zM4 15h6v5H4z",
};
