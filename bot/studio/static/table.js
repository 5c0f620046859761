// Tables: rows that are found by keyboard, and become cards on a phone.

import { make } from "/static/desk/dom.js";
import { t } from "/static/desk/texts.js";

// `columns`: [{ name, cell(row), attributes? }]; `id(row)`: for data-id. Returns the table; an empty one says so.
export function table(label, columns, rows, { id = null } = {}) {
  if (!rows.length) return make("p", { class: "none" }, t("shared_none"));
  const head = make("tr", {}, ...columns.map((column) => make("th", { scope: "col" }, column.name)));
  const body = rows.map((row) => make("tr", id ? { "data-id": id(row) } : {}, ...columns.map((column) => make("td", column.attributes ?? {}, column.cell(row)))));
  return wrapped(label, make("table", { class: "folds" }, make("thead", {}, head), make("tbody", {}, ...body)));
}

// What is wider than the page scrolls by itself, also with the keyboard.
export const wrapped = (label, inside) => make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": label }, inside);
