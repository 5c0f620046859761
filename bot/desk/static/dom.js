// Small pieces of the page. Texts only ever go in as text: nothing that somebody wrote is read as HTML.

import { t } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  E1: ["M12 3 2 20h20z", "M12 10v4M12 17v.01"],
  E2: ["M12 3 2 20h20z", "M12 10v4M12 17v.01"],
  U: ["M12 7v5l3 2", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"],
  R: ["M5 6h14v14H5zM5 10h14M9 3v5M15 3v5", "m9 15 2 2 4-4"],
  INFO: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M12 11v5M12 8v.01"],
  heart: ["M12 20s-8-5-8-11a4.500 4.500 0 0 1 8-2.800A4.500 4.500 0 0 1 20 9c0 6-8 11-8 11z"],
  flag: ["M6 21V4h11l-2 4 2 4H6"],
  lock: ["M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3"],
  bot: ["M5 8h14v11H5zM12 8V4M9 13v.01M15 13v.01"],
  back: ["M15 5l-7 7 7 7"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20a7 7 0 0 1 14 0"],
  sent: ["m5 12 4 4 10-10"],
  seen: ["m3 12 4 4L17 6M11 15l1.500 1L22 6"],
  wait: ["M12 7v5l3 2", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"],
  fail: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M12 7v6M12 16v.01"],
  undone: ["M9 7 5 11l4 4M5 11h9a5 5 0 0 1 0 10h-3"],
  close: ["M6 6l12 12M18 6 6 18"],
};

export const find = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

// What is inside an element, without what is missing.
export const fill = (element, ...children) => element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));

export const said = (tag, key, attributes = {}, values = {}) => make(tag, attributes, t(key, values));

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  if (name === "back") svg.setAttribute("class", "turns");
  for (const d of ICONS[name] ?? ICONS.INFO) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

export function button(label, run, attributes = {}) {
  const element = make("button", { type: "button", ...attributes }, label);
  element.addEventListener("click", run);
  return element;
}

export function options(select, pairs, chosen) {
  select.replaceChildren(...pairs.map(([value, label]) => make("option", { value, selected: value === chosen }, label)));
  select.value = chosen;
}

// Once for a screen reader, and for everybody else where `where` is.
export function announce(text) {
  const place = find("say");
  place.textContent = "";
  requestAnimationFrame(() => (place.textContent = text));
}
