// The dialog with a code to scan: for everybody, or for one person once.

import { post } from "./api.js";
import { button, find, icon, make, said } from "./dom.js";
import { t } from "./texts.js";
import { dateOnly } from "./times.js";

const line = (label, input) => make("div", { class: "field" }, make("label", { for: input.id }, label), input);

export function showCode(plans) {
  const dialog = find("code");
  const plan = make("select", { id: "code-plan", name: "plan" }, ...Object.entries(plans).map(([id, name]) => make("option", { value: id }, name)));
  const day = make("input", { id: "code-day", type: "date", name: "day", "aria-describedby": "code-day-hint" });
  const once = make("input", { id: "code-once", type: "checkbox", name: "once" });
  const problem = make("p", { class: "problem", role: "alert", hidden: true });
  const result = make("div", { class: "code-result", "aria-live": "polite" });
  const form = make("form", {}, line(t("enrol_plan"), plan), line(t("ward_code_day"), day), make("small", { id: "code-day-hint" }, t("ward_code_day_hint")),
    make("label", { class: "check" }, once, make("span", {}, t("ward_code_once"))), problem, make("button", { class: "strong" }, t("ward_code_make")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = { plan: plan.value, day: day.value || null, once: once.checked, origin: location.origin };
    const answer = await post("ward/code", body).catch((failure) => void (problem.textContent = failure.sentence));
    problem.hidden = Boolean(answer);
    result.replaceChildren(...(answer ? shown(answer, plans[plan.value]) : []));
  });
  const leave = button(icon("close"), () => dialog.close(), { class: "icon quiet", "aria-label": t("close_panel") });
  dialog.replaceChildren(make("div", { class: "panel-head" }, make("h2", { id: "code-title" }, t("ward_code")), leave), said("p", "ward_code_hint", { class: "small" }), form, result);
  dialog.showModal();
}

function shown(answer, name) {
  return [
    make("strong", {}, name), make("img", { src: answer.picture, alt: t("ward_code_alt", { name }), width: "240", height: "240" }),
    make("p", { class: "small" }, answer.ends ? t("ward_code_ends", { day: dateOnly(answer.ends) }) : t("ward_code_everybody")),
    make("code", { class: "secret" }, answer.link), button(t("ward_code_print"), () => window.print(), { class: "quiet" }),
  ];
}
