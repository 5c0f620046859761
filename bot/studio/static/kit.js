// What the scripts of all rooms are built with, from one place. The pieces of the desk are used as they are.

import { bind } from "./commands.js";

export { Failure, get, newId, post, put, query, send } from "./calls.js";
export { announce, button, fill, find, icon, make, options, said } from "/static/desk/dom.js";
export { has, languageName, departmentName, page, t, teamName } from "/static/desk/texts.js";
export { ask, confirmed } from "./dialog.js";
export { diffOf, diffView } from "./diff.js";
export { field, values } from "./form.js";
export { table, wrapped } from "./table.js";
export { failed, toast } from "./toast.js";
export { dropTyped, keepTyped, sayTyped, typedBefore } from "./typed.js";

import { page } from "/static/desk/texts.js";

// Whether who is here may do something; a button that would be refused is not shown.
export const may = (act) => page.can.includes(act);

// Names and sentences in their own direction, whatever stands around them.
export const isolated = (text) => `\u2068${text}\u2069`;

// Say that the page can be used. `commands`: those of the room, as `commands.js` describes them.
export function ready(commands = []) {
  bind(commands);
  // Who locks the page comes back to what is open on it, and finds there what they have typed.
  const lock = document.querySelector('form[action="/staff/lock"]');
  lock?.addEventListener("submit", () => { lock.elements.next.value = location.pathname + location.search; });
  document.documentElement.dataset.ready = "";
}

// Wait with something until nobody has typed for a moment.
export function later(run, ms = 250) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...values), ms);
  };
}
