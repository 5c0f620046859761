// What the acts of follow-up ask for, above the boxes. `act(path, body)` is the one door of a case.

import { newId } from "./api.js";
import { make, said } from "./dom.js";
import { choice, close, field, open, submit } from "./panel.js";
import { t } from "./texts.js";
import { now } from "./times.js";

const through = (doing) => doing.then(() => void close(), (failure) => failure.sentence);
const today = () => new Date(now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);
// Its day is known only to the people themselves.
const FUTURE_OR_PAST = new Set(["operation", "discharge", "due_date", "vaccination", "birth"]);

export function enrol(act, view) {
  if (!view.offered.length) return open(t("enrol_title"), [said("p", "enrol_none_left")]);
  const id = newId();
  const select = make("select", { name: "plan", "data-first": true }, ...view.offered.map((plan) => make("option", { value: plan.id }, plan.name)));
  const zone = make("input", { name: "zone", maxlength: "48", autocomplete: "off", dir: "ltr", placeholder: view.zone });
  const rest = make("div", { class: "plan-fields" });
  const shown = () => view.offered.find((plan) => plan.id === select.value);
  const show = () => {
    const plan = shown();
    const day = make("input", { type: "date", name: "day", required: FUTURE_OR_PAST.has(plan.anchor), value: FUTURE_OR_PAST.has(plan.anchor) ? "" : today() });
    rest.replaceChildren(make("div", { class: "panel-line" }, field(t(`enrol_day_${plan.anchor}`), day), field(t("enrol_zone"), zone)),
      said("p", "enrol_patient_reads", { class: "small" }), make("blockquote", {}, plan.consent), ...limitFields(plan.values));
  };
  select.addEventListener("change", show);
  show();
  return open(t("enrol_title"), [said("p", "enrol_hint"), field(t("enrol_plan"), select), rest, submit(t("enrol_do"))], async (data) => {
    const body = { plan: data.plan, day: data.day || null, zone: data.zone.trim(), limits: limitsIn(data, shown().values), client_id: id };
    return through(act("enrol", body));
  });
}

export function pause(act, one) {
  const until = make("input", { type: "date", name: "until", min: today() });
  open(t("plan_pause_title", { name: one.name }), [field(t("plan_pause_until"), until), submit(t("plan_pause"))],
    async ({ until: day }) => through(act("plan", { id: one.id, what: "pause", until: day || null, client_id: newId() })));
}

export function stop(act, one) {
  const why = (because, attributes) => choice(t(`plan_stop_${because}`), "because", because, attributes);
  const buttons = [why("done"), why("staff"), why("moved"), why("died", { class: "danger" })];
  let sure = false;
  open(t("plan_stop_title", { name: one.name }), [said("p", "plan_stop_text"), make("div", { class: "row-buttons" }, ...buttons)], async ({ because }) => {
    // Nobody may be taken for dead by a slip of the finger.
    if (because === "died" && !sure) return (sure = true), t("plan_stop_sure");
    return through(act("plan", { id: one.id, what: "stop", because, client_id: newId() }));
  });
}

export function limits(act, one, values) {
  const given = { ...one.limits, best_peak_flow: one.best };
  open(t("plan_limits_title", { name: one.name }), [...limitFields(values, given), submit(t("plan_save"))],
    async (data) => through(act("plan", { id: one.id, what: "limits", limits: limitsIn(data, values), client_id: newId() })));
}

function limitFields(values, given = {}) {
  if (!values.length) return [];
  const number = (value, name, known) => make("input", { type: "number", name, step: "any", min: value.low, max: value.high, value: known ?? "", inputmode: "decimal", dir: "ltr" });
  const label = (key, value) => `${t(key, { name: value.name })}${value.unit ? ` (${value.unit})` : ""}`;
  const fields = values.flatMap((value) => (value.id === "best_peak_flow" ? [field(label("enrol_best", value), number(value, value.id, given.best_peak_flow))]
    : ["low", "high"].map((side) => field(label(`enrol_${side}`, value), number(value, `${value.id}:${side}`, given[value.id]?.[side])))));
  const box = make("details", { class: "limits", open: Boolean(Object.keys(given).length) }, make("summary", {}, t("enrol_limits")), said("p", "enrol_limits_hint", { class: "small" }), make("div", { class: "limit-fields" }, ...fields));
  return [box];
}

function limitsIn(data, values) {
  const found = {};
  for (const { id } of values) {
    if (id === "best_peak_flow") found[id] = data[id] ?? "";
    else found[id] = { low: data[`${id}:low`] ?? "", high: data[`${id}:high`] ?? "" };
  }
  return found;
}
