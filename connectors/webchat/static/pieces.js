// Small pieces of the page. Texts only ever go in as text: nothing a patient or a bot writes is read as HTML.

import { current, t } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  E1: ["M12 3 2 20h20z", "M12 10v4M12 17v.01"],
  E2: ["M12 3 2 20h20z", "M12 10v4M12 17v.01"],
  U: ["M12 7v5l3 2", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"],
  R: ["M5 6h14v14H5zM5 10h14M9 3v5M15 3v5", "m9 15 2 2 4-4"],
  INFO: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M12 11v5M12 8v.01"],
  phone: ["M4 5c0 8.300 6.700 15 15 15l1-4.500-4.500-2-2 2c-2.500-1.200-4.300-3-5.500-5.500l2-2L8 4z"],
  heart: ["M12 20s-8-5-8-11a4.500 4.500 0 0 1 8-2.800A4.500 4.500 0 0 1 20 9c0 6-8 11-8 11z"],
};

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// A text of the page that follows a later change of language.
export const said = (tag, key, attributes = {}) => make(tag, { ...attributes, "data-text": key }, t(key));

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of ICONS[name] ?? ICONS.INFO) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function knownNumbers() {
  const numbers = [...current().numbers].sort((one, other) => other.length - one.length);
  return numbers.length ? new RegExp(`(?<![\\d.,/])(${numbers.map(escaped).join("|")})(?![\\d/]|[.,]\\d)`, "g") : /(?!)/g;
}

export const numbersIn = (text) => [...new Set(text.match(knownNumbers()) ?? [])];

const dialled = (number) => `tel:${number.replace(/[^\d+]/g, "")}`;

// The text with every known emergency number as a link that calls it.
export function linked(text) {
  return text.split(knownNumbers()).map((part, index) => (index % 2 ? make("a", { href: dialled(part) }, make("bdi", {}, part)) : part));
}

export function callLink(number) {
  const [before, after] = t("call").split("{number}");
  return make("a", { href: dialled(number) }, icon("phone"), make("span", {}, before, make("bdi", {}, number), after));
}

// One paragraph a line; with `dial` the emergency numbers become links.
export function paragraphs(text, dial = false) {
  return text.split("\n").filter((line) => line.trim()).map((line) => make("p", {}, ...(dial ? linked(line) : [line])));
}
