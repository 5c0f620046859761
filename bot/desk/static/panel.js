// A place above the boxes where an act asks for what it needs. Not modal: reading and writing go on beside it.

import { button, find, icon, make } from "./dom.js";
import { t } from "./texts.js";

let back = null;

export const isOpen = () => !find("panel").hidden;

// `content`: elements; `send`: called with the form's data, returns a sentence when something is wrong, or nothing.
export function open(title, content, send = async () => "") {
  back = document.activeElement;
  const problem = make("p", { class: "problem", role: "alert", hidden: true });
  const heading = make("h3", { id: "panel-title" }, title);
  const leave = button(icon("close"), close, { class: "icon quiet", "aria-label": t("close_panel") });
  const form = make("form", { class: "panel-form" }, make("div", { class: "panel-head" }, heading, leave), ...content, problem);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    problem.hidden = true;
    for (const one of form.querySelectorAll("button")) one.disabled = true;
    const sentence = await send(Object.fromEntries(data));
    for (const one of form.querySelectorAll("button")) one.disabled = false;
    problem.textContent = sentence ?? "";
    problem.hidden = !sentence;
  });
  find("panel").setAttribute("aria-labelledby", "panel-title");
  find("panel").replaceChildren(form);
  find("panel").hidden = false;
  (form.querySelector("[data-first]") ?? form.querySelector(".panel-head ~ * :is(button, input, select, textarea), .panel-head ~ :is(button, input)"))?.focus();
}

export function close() {
  if (!isOpen()) return;
  const inside = find("panel").contains(document.activeElement);
  find("panel").hidden = true;
  find("panel").replaceChildren();
  if (inside) (back?.isConnected ? back : find("case")).focus({ preventScroll: true });
  back = null;
}

export const field = (label, input) => make("label", { class: "panel-field" }, make("span", {}, label), input);
export const submit = (label, attributes = {}) => make("button", { class: "strong", ...attributes }, label);
export const choice = (label, name, value, attributes = {}) => make("button", { class: "quiet", name, value, ...attributes }, label);
