// The form of an entry, made from its fields: a text, a number, a list, texts in five languages side by side, rows of names and values.

import { button, departmentName, field, make, options, page, t } from "./kit.js";

const LONG = 60;
const tongues = Object.keys(page.languages);

// `one`: { path, kind, value, label, choices }; `typed`: what `typedIn` gave before. Returns { one, element, read }: `read` gives what
// stands in the form now.
export function control(one, typed) {
  const build = { text, number, yes_no: yesNo, date, list, texts, lists, pairs, yaml }[one.kind];
  const value = typed === undefined ? one.value : isByLanguage(one) ? { ...one.value, ...typed } : typed;
  return { one, ...build({ ...one, value }) };
}

const isByLanguage = (one) => ["texts", "lists"].includes(one.kind);
const isChanged = ({ one, read }) => read && JSON.stringify(read()) !== JSON.stringify(one.value);

export const changed = (controls) => controls.filter(isChanged).map(({ one, read }) => ({ path: one.path, value: read() }));

// The same, but of texts in five languages those alone that were typed: what somebody else changes meanwhile is not put back.
export const typedIn = (controls) => controls.filter(isChanged).map(({ one, read }) => ({ path: one.path, value: isByLanguage(one) ? touched(one.value, read()) : read() }));

const touched = (before, now) => Object.fromEntries(Object.entries(now).filter(([language, said]) => JSON.stringify(said) !== JSON.stringify(before[language])));

const isCondition = (one) => one.path.at(-1) === "when";
const named = (choice) => page.departments[choice] ?? page.names[choice] ?? choice;

function select(choices, value, attributes = {}) {
  const element = make("select", attributes);
  const all = choices.includes(value) ? choices : [value, ...choices];
  options(element, all.map((choice) => [choice, named(choice)]), value);
  return element;
}

function text(one) {
  const input = one.choices.length ? select(one.choices, one.value)
    : one.value.length > LONG || one.value.includes("\n") ? make("textarea", { rows: 3, maxlength: 3000, dir: "auto" })
      : make("input", { type: "text", maxlength: 3000, dir: "auto", autocomplete: "off" });
  if (isCondition(one)) input.classList.add("condition");
  input.value = one.value;
  return { element: field(one.label, input, isCondition(one) ? t("shared_pack_condition_hint") : one.optional ? t("shared_pack_inherited") : ""), read: () => input.value.trim() };
}

function number(one) {
  const input = make("input", { type: "text", inputmode: "decimal", dir: "ltr", autocomplete: "off" });
  input.value = one.value;
  return { element: field(one.label, input), read: () => (input.value.trim() === String(one.value) ? one.value : input.value.trim()) };
}

function yesNo(one) {
  const input = make("input", { type: "checkbox" });
  input.checked = one.value;
  return { element: make("label", { class: "check" }, input, one.label), read: () => input.checked };
}

function date(one) {
  const input = make("input", { type: "date", class: "day" });
  input.value = one.value ?? "";
  return { element: field(one.label, input, one.optional ? t("shared_pack_inherited") : ""), read: () => input.value };
}

const linesOf = (area) => area.value.split("\n").map((line) => line.trim()).filter(Boolean);

function list(one) {
  if (one.choices.length) return rows(one, (value) => [select(one.choices, value ?? one.choices[0])], ([chosen]) => chosen);
  const area = make("textarea", { rows: Math.min(8, one.value.length + 1), dir: "auto" });
  area.value = one.value.join("\n");
  return { element: field(one.label, area, t("shared_pack_line")), read: () => linesOf(area) };
}

function pairs(one) {
  const cells = (pair) => {
    const [name, value] = pair ?? ["", one.choices[0] ?? ""];
    const first = make("input", { type: "text", class: "condition", list: "words", autocomplete: "off" });
    const second = one.choices.length ? select(one.choices, value) : make("input", { type: "text", dir: "auto", autocomplete: "off" });
    first.value = name;
    second.value = value;
    return [first, second];
  };
  return rows(one, cells, ([name, value]) => [name.trim(), value.trim()]);
}

function rows(one, cells, value) {
  const place = make("div", { class: "pack-rows" });
  const add = (known) => {
    const made = cells(known);
    const label = (n) => `${one.label}: ${t(n || made.length === 1 ? "shared_pack_value" : "shared_pack_name")}`;
    made.forEach((cell, n) => cell.setAttribute("aria-label", label(n)));
    const line = make("div", {}, ...made, button("×", () => line.remove(), { class: "icon quiet", "aria-label": t("shared_pack_remove_row") }));
    line.read = () => value(made.map((cell) => cell.value));
    place.append(line);
    return made[0];
  };
  one.value.forEach((known) => add(known));
  const more = button(t("shared_pack_add_row"), () => add().focus(), { class: "quiet" });
  const element = make("fieldset", {}, make("legend", {}, one.label), place, make("div", { class: "row" }, more));
  return { element, read: () => [...place.children].map((line) => line.read()) };
}

const texts = (one) => sideBySide(one, (value) => value ?? "", (area) => area.value.trim(), 4);
const lists = (one) => sideBySide(one, (value) => (value ?? []).join("\n"), linesOf, 6);

function sideBySide(one, show, read, height) {
  const areas = {};
  const fields = tongues.map((language) => {
    const area = areas[language] = make("textarea", { lang: language, dir: page.directions[language], rows: height, spellcheck: true, "data-language": language });
    area.value = show(one.value[language]);
    return field(page.languages[language], area);
  });
  // What need not be there at all is missing only where it is there in another language.
  const mark = () => {
    const isThere = !one.optional || tongues.some((language) => areas[language].value.trim());
    tongues.forEach((language, n) => (fields[n].dataset.missing = isThere && !areas[language].value.trim() ? "yes" : "no"));
  };
  for (const area of Object.values(areas)) area.addEventListener("input", mark);
  mark();
  const hint = one.kind === "lists" && make("small", {}, t("shared_pack_line"));
  const element = make("fieldset", {}, make("legend", {}, one.label), hint, make("div", { class: "tongues-side" }, ...fields));
  const now = () => Object.fromEntries(tongues.filter((language) => language in one.value || areas[language].value.trim()).map((language) => [language, read(areas[language])]));
  // The order of the languages in the file says nothing.
  const isSame = (values) => tongues.every((language) => JSON.stringify(values[language]) === JSON.stringify(one.value[language]));
  return { element, areas, fields, read: () => (isSame(now()) ? one.value : now()) };
}

function yaml(one) {
  const hint = make("small", {}, t("shared_pack_yaml"));
  return { element: make("div", { class: "field" }, make("strong", {}, one.label), make("pre", { class: "yaml", tabindex: 0, role: "group", "aria-label": one.label }, one.value), hint), read: null };
}

const URGENT = ["E1", "E2"];
// What is urgent, and answered as something else because the dialogue leads elsewhere.
const unanswered = (one) => (!one.alarmed && (one.crisis || URGENT.includes(one.level)) ? ` (${t("shared_pack_unanswered")})` : "");

export const outcome = (one) => `${one.crisis ? t("shared_pack_crisis") : page.names[one.level] ?? one.level}${one.department ? ` · ${departmentName(one.department)}` : ""}${unanswered(one)}`;
