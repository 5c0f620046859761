// What stands in the thread: words of the patient, of the bot and of colleagues, notes, and what happened. Each looks different.

import { button, icon, make } from "./dom.js";
import { departmentName, has, known, page, t, teamName } from "./texts.js";
import { clockTime, moment, until } from "./times.js";
import { windowLeft } from "./row.js";

const SIGNS = { sent: "sent", seen: "seen", pending: "wait", sending: "wait", parked: "wait", dead: "fail", undone: "undone" };
const PLAIN_FORMS = new Set(["text", "answer", "nurse", "erased", "", undefined]);

// `on` has: reveal(key)
export function bubble(item, me, on) {
  if (item.kind === "event") return event(item, me);
  const article = make("article", { class: `item ${item.kind}`, "data-key": item.key });
  const time = make("time", { datetime: item.at }, clockTime(item.at));
  const head = make("p", { class: "by" }, ...author(item, me), form(item), written(item), time);
  const text = item.text || (item.form === "erased" ? t("form_erased") : "");
  const body = make("div", { class: "words", dir: "auto", lang: item.text ? item.language : null }, ...paragraphs(text));
  article.append(head, make("div", { class: "bubble" }, body, masked(item, on)), ...delivery(item));
  return article;
}

const paragraphs = (text) => (text ?? "").split("\n").filter((line) => line.trim()).map((line) => make("p", {}, line));

function author(item, me) {
  if (item.kind === "patient") return [t("who_patient")];
  if (item.kind === "bot") return [icon("bot"), t("who_bot")];
  const name = item.author?.handle === me ? t("who_you") : item.author?.name ?? "";
  return item.kind === "note" ? [icon("lock"), make("strong", {}, t("note_tag")), make("bdi", {}, name)] : [make("bdi", {}, name)];
}

function form(item) {
  if (PLAIN_FORMS.has(item.form)) return null;
  const key = has(`form_${item.form}`) ? `form_${item.form}` : item.kind === "patient" ? "form_other" : null;
  return key && make("span", { class: "form" }, t(key));
}

// Of words that reached us late: when the patient wrote them, since they may be in another state by now.
function written(item) {
  return item.written_at && make("span", { class: "form" }, t("written_at", { time: moment(item.written_at) }));
}

function masked(item, on) {
  if (!item.masked) return null;
  return button(t("masked_show"), () => on.reveal(item.key), { class: "quiet reveal" });
}

// The truth about what was sent to the patient, and what to do about it. Of the bot's messages only what went wrong.
function delivery(item) {
  const truth = item.delivery;
  if (!truth || item.kind === "patient" || item.kind === "note") return [];
  if (item.kind === "bot" && !["dead", "parked"].includes(truth.state)) return [];
  const words = [has(`delivery_${truth.state}`) ? t(`delivery_${truth.state}`) : truth.state];
  const at = truth.seen_at ?? truth.at;
  if (at && ["sent", "seen"].includes(truth.state)) words.push(clockTime(at));
  const bad = truth.state === "dead" || truth.state === "parked";
  const line = make("p", { class: `delivery ${truth.state}` }, icon(SIGNS[truth.state] ?? "wait"), make("span", {}, words.join(" ")));
  const problem = truth.problem && has(`problem_${truth.problem}`) && make("span", {}, t(`problem_${truth.problem}`));
  const advice = truth.advice && has(`advice_${truth.advice}`) && make("strong", {}, t(`advice_${truth.advice}`));
  if (problem) line.append(problem);
  if (truth.window_closes_at && (bad || until(truth.window_closes_at) > 0)) line.append(windowLeft(truth.window_closes_at));
  return advice ? [line, make("p", { class: "advice" }, advice)] : [line];
}

const NAMED = { team: teamName, department: departmentName };
const words = (prefix) => (id) => (has(`${prefix}_${id}`) ? t(`${prefix}_${id}`) : id);
const TIMES = ["until", "due_at"];

// The values of an event in words: ids of packs by their names, times by the clock.
function values(item) {
  const data = { ...item.data };
  const naming = { ...NAMED, level: words("level"), outcome: words("outcome"), ...(item.what === "transferred" && { to: teamName, from: teamName }) };
  for (const [name, inWords] of Object.entries(naming)) if (data[name] !== undefined) data[name] = inWords(data[name]);
  for (const name of TIMES) if (/^\d{4}-/.test(data[name] ?? "")) data[name] = moment(data[name]);
  if (data.until === "reply") data.until = t("snooze_reply");
  return data;
}

function event(item, me) {
  const name = item.author?.handle === me ? t("who_you") : item.author?.name ?? "";
  const key = `event_${item.what}`;
  const names = !page.texts[key]?.includes("{name}") && name;
  const what = has(key) ? known(key, { name, ...values(item) }) : item.what;
  const line = make("p", { class: "what" }, make("span", {}, what), has(`reason_${item.text}`) && make("strong", {}, t(`reason_${item.text}`)), names && make("bdi", {}, names), make("time", { datetime: item.at }, clockTime(item.at)));
  const said = item.text && !has(`reason_${item.text}`) && make("p", { class: "words", dir: "auto" }, item.text);
  return make("div", { class: `item event event-${item.what}`, "data-key": item.key }, line, said);
}
