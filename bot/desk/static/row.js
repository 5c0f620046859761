// One case in the queue: how urgent, how long somebody waits, who is on it. No words of patients.

import { icon, make, said } from "./dom.js";
import { channelName, departmentName, has, languageName, t } from "./texts.js";
import { duration, moment, since, ticking, until } from "./times.js";

export function levelBadge(row) {
  return make("span", { class: `level level-${row.level}` }, icon(row.level), t(`level_${row.level}`));
}

export const crisisBadge = (row) => (row.crisis ? make("span", { class: "level crisis" }, icon("heart"), t("crisis")) : null);

export const reasonText = (row) => (has(`reason_${row.reason}`) ? t(`reason_${row.reason}`) : row.reason);

// Time left in words; the colour only repeats it.
export function clock(row) {
  if (row.clock === "none" || !row.due_at || row.state === "closed") return null;
  const element = make("span", { class: "due" });
  return ticking(element, () => {
    const left = until(row.due_at);
    const key = left < 0 || row.clock === "late" ? "late" : row.clock === "warn" ? "warn" : "in";
    element.dataset.clock = key;
    return t(`due_${key}`, { time: duration(Math.abs(left)) });
  });
}

export function waiting(row) {
  if (row.state === "closed") return row.closed_at ? said("span", "closed_at", {}, { time: moment(row.closed_at) }) : null;
  if (row.waiting_since) return ticking(make("span", { class: "waits" }), () => t("waiting_for", { time: duration(since(row.waiting_since)) }));
  return row.state === "waiting_for_patient" ? said("span", "waiting_patient") : null;
}

export function windowLeft(iso) {
  if (!iso) return null;
  const element = make("span", { class: "window" });
  return ticking(element, () => (until(iso) <= 0 ? t("window_closed") : t("window_open", { time: duration(until(iso), true) })));
}

export function holder(row) {
  if (row.claimed_by && row.state !== "waiting") return row.mine ? t("held_by_you") : t("held_by", { name: row.claimed_by.name });
  return "";
}

// "reply": until the patient writes.
export const isAsleep = (row) => row.snoozed_until === "reply" || (Boolean(row.snoozed_until) && until(row.snoozed_until) > 0);

export const presenceWords = (people) => people.map((one) => t(`presence_${one.state}`, { name: one.name }));

function snoozed(row) {
  if (!row.snoozed_until || row.state === "closed") return null;
  return make("span", {}, row.snoozed_until === "reply" ? t("snoozed_reply") : t("snoozed_until", { time: moment(row.snoozed_until) }));
}

function tags(row, me) {
  const assigned = row.assigned_to;
  return [
    make("span", { lang: row.language }, languageName(row.language)),
    make("span", {}, channelName(row.channel)),
    row.state === "closed" ? null : windowLeft(row.window_closes_at),
    snoozed(row),
    assigned && make("span", {}, assigned.handle === me ? t("assigned_to_you") : t("assigned_to", { name: assigned.name })),
    row.blocked && make("span", { class: "badge" }, t("blocked")),
  ];
}

// The inside of a row, made anew when the case has changed.
export function fillRow(link, row, me) {
  const held = holder(row);
  const present = row.presence.length ? presenceWords(row.presence).join(" · ") : "";
  // A crisis says so in its badge already.
  const reason = row.crisis && row.reason === "crisis" && row.department ? "" : reasonText(row);
  const what = [reason, row.department && departmentName(row.department)].filter(Boolean).join(" · ");
  link.className = `row risk-${row.level}${row.unread ? " unread" : ""}${row.mine ? " mine" : ""}${row.crisis ? " first" : ""}`;
  link.replaceChildren(
    make("span", { class: "row-line" }, make("strong", { class: "number" }, row.number), crisisBadge(row), levelBadge(row),
      row.unread && make("span", { class: "new" }, t("unread"))),
    make("span", { class: "row-line what" }, row.reason === "red_flag" && icon("flag"), make("span", {}, what)),
    make("span", { class: "row-line times" }, waiting(row), clock(row)),
    make("span", { class: "row-line tags" }, ...tags(row, me)),
    (held || present) ? make("span", { class: "row-line people" }, icon("person"), make("bdi", {}, [held, present].filter(Boolean).join(" · "))) : "",
  );
}
