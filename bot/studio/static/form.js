// Fields with their label, hint and what is wrong with them.

import { make } from "/static/desk/dom.js";

let number = 0;

// `control`: an input, textarea or select. Returns the whole field; `field.say(text, kind)` shows what is wrong, "" takes it away.
export function field(label, control, hint = "") {
  const id = control.id || `field-${(number += 1)}`;
  control.id = id;
  const problem = make("small", { id: `${id}-problem`, class: "finding", role: "status" });
  const parts = [`${id}-problem`, ...(hint ? [`${id}-hint`] : [])];
  control.setAttribute("aria-describedby", parts.join(" "));
  const whole = make("div", { class: "field" }, make("label", { for: id }, label), control, hint && make("small", { id: `${id}-hint` }, hint), problem);
  whole.say = (text, kind = "wrong") => {
    problem.textContent = text;
    problem.dataset.kind = text ? kind : "";
    if (text && kind === "wrong") control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
  return whole;
}

// What a form holds, by name; of boxes with the same name a list.
export function values(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) found[name] = name in found ? [found[name], value].flat() : value;
  return found;
}
