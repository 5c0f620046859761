// What each act asks for. All are sent by the same door, `act(path, body)`, which shows the case as it is afterwards.

import { get, newId } from "./api.js";
import { button, make, said } from "./dom.js";
import { choice, close, field, open, submit } from "./panel.js";
import { departmentName, languageName, page, t } from "./texts.js";
import { fromLocalInput, localInput, moment, now } from "./times.js";

const MINUTE = 60000;
export const OUTCOMES = ["advised", "referred", "emergency", "booked", "no_answer", "not_medical", "other"];
const MORNING = 8; // o'clock

function tomorrow() {
  const day = new Date(now());
  day.setDate(day.getDate() + 1);
  day.setHours(MORNING, 0, 0, 0);
  return day.getTime();
}

const reasonField = (attributes = {}) => field(t("reason_label"), make("input", { name: "reason", maxlength: "200", dir: "auto", autocomplete: "off", ...attributes }));
const timeField = (label, name, value) => field(label, make("input", { type: "datetime-local", name, value: localInput(value), min: localInput(now()) }));

// Done: the panel goes. Not done: the sentence is shown in it.
const through = (doing) => doing.then(() => void close(), (failure) => failure.sentence);

export function snooze(act) {
  const presets = [["30", now() + 30 * MINUTE], ["120", now() + 120 * MINUTE], ["tomorrow", tomorrow()]];
  const buttons = [...presets.map(([key, at]) => choice(t(`snooze_${key}`), "preset", new Date(at).toISOString())), choice(t("snooze_reply"), "preset", "reply")];
  const at = make("div", { class: "panel-line" }, timeField(t("snooze_at"), "at", now() + 60 * MINUTE), submit(t("snooze_do"), { name: "preset", value: "" }));
  open(t("snooze_title"), [reasonField(), make("div", { class: "row-buttons" }, ...buttons), at], async ({ preset, at: chosen, reason }) => {
    const until = preset || fromLocalInput(chosen);
    if (!until || (until !== "reply" && Date.parse(until) <= now())) return t("time_past");
    return through(act("snooze", { until, reason: reason.trim() }));
  });
}

export async function assign(act, row) {
  const { people } = await get(`people?case=${row.id}`, { auto: true });
  const buttons = people.map((one) => {
    const facts = [t(`duty_${one.duty}`), one.languages.map(languageName).join(", ")];
    return choice([make("bdi", {}, one.name), make("small", {}, facts.join(" · "))], "handle", one.handle, { class: `quiet person duty-${one.duty}` });
  });
  open(t("assign_title"), [make("div", { class: "colleagues" }, ...buttons)], async ({ handle }) => through(act("assign", { handle })));
}

export function transfer(act, row) {
  const teams = Object.entries(page.teams).filter(([id]) => id !== row.team);
  const select = make("select", { name: "team", "data-first": true }, ...teams.map(([id, name]) => make("option", { value: id }, name)));
  const note = make("textarea", { name: "note", rows: "2", dir: "auto", maxlength: "2000" });
  open(t("transfer_title"), [field(t("filter_team"), select), field(t("transfer_note"), note), submit(t("transfer_do"))],
    async ({ team, note: words }) => through(act("transfer", { team, note: words.trim() })));
}

export function schedule(act, row, composer) {
  const text = composer.box("reply").value.trim();
  if (!text) return open(t("schedule_title"), [said("p", "schedule_empty")]);
  const id = newId();
  const words = make("blockquote", { dir: "auto", lang: row.language }, text);
  return open(t("schedule_title"), [words, timeField(t("schedule_at"), "at", tomorrow()), submit(t("schedule_do"))], async ({ at }) => {
    const due = fromLocalInput(at);
    if (!due || Date.parse(due) <= now()) return t("time_past");
    return through(act("schedule", { text, due_at: due, client_id: id }).then(() => composer.scheduled(row.id, text)));
  });
}

// Both answers with one press: how it ended, and whether the department was right.
export function closing(act, row, { scheduled }) {
  const label = (outcome, judged) => (judged ? `${t(`outcome_${outcome}`)}: ${t(`close_${judged}`)}` : t(`outcome_${outcome}`));
  const one = (outcome, judged) => choice(t(judged ? `close_${judged}` : `outcome_${outcome}`), "end", `${outcome} ${judged ?? ""}`, { "aria-label": label(outcome, judged) });
  const line = (outcome) => make("tr", {}, make("th", { scope: "row" }, t(`outcome_${outcome}`)), ...["right", "wrong", "unsure"].map((judged) => make("td", {}, one(outcome, judged))));
  const others = Object.entries(page.departments).filter(([id]) => id !== row.department);
  const select = make("select", { name: "department" }, make("option", { value: "" }, t("not_said")), ...others.map(([id, name]) => make("option", { value: id }, name)));
  const content = row.department
    ? [said("p", "close_department", {}, { department: departmentName(row.department) }), make("table", { class: "outcomes" }, make("tbody", {}, ...OUTCOMES.map(line))), field(t("right_department"), select)]
    : [make("div", { class: "row-buttons" }, ...OUTCOMES.map((outcome) => one(outcome)))];
  const planned = scheduled.filter((reply) => reply.state === "waiting").length;
  if (planned) content.unshift(make("p", {}, said("strong", "close_scheduled", {}, { n: planned })));
  open(t("close_title"), content, async ({ end, department }) => {
    const [outcome, judged] = end.split(" ");
    const right = { right: true, wrong: false }[judged] ?? null;
    const said = right === true ? row.department : right === false ? department || null : null;
    return through(act("close", { outcome, department: said, department_right: right }));
  });
}

export function urgent(act, row) {
  const higher = ["U", "E2", "E1"].filter((level) => ["INFO", "R", "U", "E2", "E1"].indexOf(level) > ["INFO", "R", "U", "E2", "E1"].indexOf(row.level));
  const buttons = higher.map((level) => choice(t(`level_${level}`), "level", level, { class: "danger" }));
  open(t("urgent_title"), [said("p", "urgent_hint"), make("div", { class: "row-buttons" }, ...buttons)], async ({ level }) => through(act("urgent", { level })));
}

export function block(act) {
  open(t("block_title"), [said("p", "block_text"), submit(t("act_block"), { class: "danger" })], async () => through(act("block")));
}

export function saveText(post, row, text) {
  const name = make("input", { name: "shortcut", maxlength: "32", required: true, autocomplete: "off", dir: "auto" });
  open(t("act_save_text"), [make("blockquote", { dir: "auto" }, text), field(t("snippet_shortcut"), name), submit(t("snippet_save"))],
    async ({ shortcut }) => through(post("snippets", { shortcut, texts: { [row.language]: text }, team: null })));
}

// What will be sent later, with a way to stop it.
export function scheduledList(act, scheduled) {
  const lines = scheduled.filter((one) => one.state === "waiting" || one.state === "refused").map((one) => make("li", {},
    make("p", { class: "when" }, make("time", { datetime: one.due_at }, moment(one.due_at)), make("bdi", {}, one.who.name),
      one.state === "refused" && make("strong", { class: "refused" }, [t("schedule_refused"), one.problem && page.texts[`problem_${one.problem}`]].filter(Boolean).join(": "))),
    make("p", { class: "words", dir: "auto" }, one.text),
    button(t("schedule_cancel"), () => act("cancel", { id: one.id }), { class: "quiet" })));
  return lines.length ? make("section", { class: "scheduled" }, said("h3", "schedule_list"), make("ul", {}, ...lines)) : null;
}
