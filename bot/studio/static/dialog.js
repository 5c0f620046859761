// The one dialog of a page: a question with fields, or only a yes. It resolves to what `run` gave, or null when it was left.

import { button, find, make } from "/static/desk/dom.js";
import { t } from "/static/desk/texts.js";
import { values } from "./form.js";

// `go`: label of the button that does it; `run(values)`: does it, and its failure is shown where one is; `danger`: it cannot be taken back.
export function ask(title, { text = "", fields = [], go, danger = false, run = async (typed) => typed, wide = false } = {}) {
  const dialog = find("dialog");
  const back = document.activeElement;
  return new Promise((resolve) => {
    let done = null;
    const problem = make("p", { class: "problem", role: "alert", hidden: true });
    const submit = make("button", { class: danger ? "danger" : "strong" }, go);
    const form = make("form", { novalidate: false }, ...[fields].flat(), problem,
      make("div", { class: "row" }, submit, button(t("shared_cancel"), () => dialog.close(), { class: "quiet" })));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      submit.disabled = true;
      try {
        done = (await run(values(form))) ?? true;
        dialog.close();
      } catch (failure) {
        problem.textContent = failure.sentence ?? t("failed");
        problem.hidden = false;
      } finally {
        submit.disabled = false;
      }
    });
    dialog.className = wide ? "dialog wide" : "dialog";
    dialog.replaceChildren(make("h2", { id: "dialog-title" }, title), text && make("p", {}, text), form);
    dialog.addEventListener("close", () => { back?.focus?.({ preventScroll: true }); resolve(done); }, { once: true });
    dialog.showModal();
    (form.querySelector("input:not([type=hidden]), textarea, select") ?? submit).focus();
  });
}

// Ask for a yes, and do it.
export const confirmed = (title, text, go, run, { danger = true } = {}) => ask(title, { text, go, danger, run });
