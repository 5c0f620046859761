// The scheduler: what the rounds did, what is sent next, what was given up. Nothing of patients stands here.

import { get } from "./api.js";
import { fill, find, make, said } from "./dom.js";
import { has, t } from "./texts.js";
import { moment, setNow } from "./times.js";

async function show() {
  const page = await get("scheduler").catch((failure) => void problem(failure.sentence));
  if (!page) return;
  problem("");
  setNow(page.now);
  fill(find("parts"), rounds(page.rounds), counts("waiting", page.waiting, (key) => t(`scheduler_${key}`)), counts("lately", page.lately, (key) => t(`sending_${key}`)),
    table("next", page.next, (one) => one.due_at), table("given_up", page.given_up, (one) => one.wanted_at));
}

function problem(sentence) {
  find("problem").textContent = sentence;
  find("problem").hidden = !sentence;
}

const named = (prefix, key) => (has(`${prefix}_${key}`) ? t(`${prefix}_${key}`) : key);
const part = (name, ...content) => make("section", { class: "card", "data-part": name }, said("h2", `scheduler_${name}`), ...content);
const nothing = () => said("p", "scheduler_nothing", { class: "none" });

function rounds(found) {
  const line = (one) => make("li", { "data-round": one.name }, make("strong", {}, named("round", one.name)),
    one.ran_at && make("span", {}, t("round_ran", { time: moment(one.ran_at), n: one.did })), one.next_at && make("span", {}, t("round_next", { time: moment(one.next_at) })),
    one.late && make("span", { class: "badge alarm" }, t("round_late")), one.failed > 0 && make("span", { class: "badge alarm" }, t("round_failed", { n: one.failed, problem: one.problem ?? "" })));
  return part("rounds", found.length ? make("ul", { class: "plain-list", role: "list" }, ...found.map(line)) : said("p", "scheduler_no_rounds", { class: "none" }));
}

function counts(name, found, label) {
  const line = ([key, count]) => make("li", {}, make("strong", {}, String(count)), make("span", {}, label(key)));
  return part(name, make("ul", { class: "counts", role: "list" }, ...Object.entries(found).map(line)));
}

function table(name, rows, at) {
  if (!rows.length) return part(name, nothing());
  const why = (one) => [one.state !== "waiting" && named("sending", one.state), one.attempt > 0 && t("follow_again"), one.why && named("why", one.why)].filter(Boolean).join(" · ");
  const line = (one) => make("tr", {}, make("td", {}, make("time", { datetime: at(one) }, moment(at(one)))), make("td", {}, one.plan), make("td", {}, make("span", { class: "number" }, String(one.enrolment_id))), make("td", {}, why(one) || "–"));
  const head = make("tr", {}, ...["when", "plan", "who", "why"].map((key) => make("th", { scope: "col" }, t(`scheduler_${key}`))));
  const body = make("table", { class: "folds" }, make("thead", {}, head), make("tbody", {}, ...rows.map(line)));
  return part(name, make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t(`scheduler_${name}`) }, body));
}

document.addEventListener("daozhen:out", (event) => location.replace(`/staff/${event.detail === "locked" ? "unlock" : "login"}?next=${encodeURIComponent(location.pathname)}`));
find("again").addEventListener("click", show);
await show();
document.documentElement.dataset.ready = "yes";
