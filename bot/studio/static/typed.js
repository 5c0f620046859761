// What is typed and not kept yet stays with its tab: another entry, a reload, a page that locks by itself take none of it away.
// It is the hospital's own text, and another person in the same tab does not find it.

import { page, t } from "/static/desk/texts.js";
import { toast } from "./toast.js";

const name = (what) => `typed ${page.me} ${location.pathname} ${what}`;

// What was typed into the entry `what`, or null.
export function typedBefore(what) {
  try {
    return JSON.parse(sessionStorage.getItem(name(what)));
  } catch {
    return null;
  }
}

// `value`: an object or a list; an empty one: nothing is typed that is not kept.
export function keepTyped(what, value) {
  try {
    if (Object.keys(value).length) sessionStorage.setItem(name(what), JSON.stringify(value));
    else sessionStorage.removeItem(name(what));
  } catch {
    // Without a place to keep it, it is as it was before.
  }
}

export const dropTyped = (what) => keepTyped(what, []);

// Say that it is here again; `drop`: shows the entry as it is without it.
export function sayTyped(what, drop) {
  toast(t("shared_typed_again"), { label: t("shared_typed_drop"), undo: () => { dropTyped(what); drop(); } });
}
