// Who the patient is, as far as they said. What is masked is not in the page until somebody asks, and that is written down.

import { button, fill, find, icon, make, said } from "./dom.js";
import { levelBadge } from "./row.js";
import { channelName, departmentName, has, languageName, page, t } from "./texts.js";
import { moment } from "./times.js";

const regions = new Intl.DisplayNames([page.language], { type: "region" });
const MONTHS_BELOW = 2; // years: below that, months say more

export function showCard(view, on) {
  const card = view.card ?? {};
  const back = button([icon("back"), t("back_to_case")], () => (find("main").dataset.view = "case"), { class: "quiet to-case" });
  const reveals = (view.reveals ?? []).map((field) => secret(field, on.reveal));
  fill(find("card"), make("div", { class: "card-body" }, back, make("h2", {}, icon("person"), t("card_title")),
    make("dl", { class: "facts" }, ...person(card), ...chat(card), ...reveals), on.followup, ...lists(card, on), on.scheduled));
}

// A fact is shown when it was said; of the first ones also that it was not.
function fact(name, value, always = false) {
  if (!value && !always) return null;
  return make("div", {}, said("dt", `card_${name}`), make("dd", { dir: "auto" }, value || make("span", { class: "none" }, t("card_none"))));
}

const named = (name, value) => (value && has(`card_${name}_${value}`) ? t(`card_${name}_${value}`) : value);
const yesNo = (value) => (value === true ? t("card_yes") : value === false ? t("card_no") : "");

function age(years) {
  if (typeof years !== "number") return "";
  return years < MONTHS_BELOW ? t("card_age_months", { n: Math.floor(years * 12) }) : t("card_age_years", { n: Math.floor(years) });
}

function person(card) {
  return [
    fact("who", named("who", card.who), true), fact("age", age(card.age), true), fact("sex", named("sex", card.sex), true),
    fact("pregnant", yesNo(card.pregnant), card.sex !== "m"), fact("postpartum", card.postpartum && yesNo(true)),
    fact("conditions", (card.conditions ?? []).join(" · ")),
  ];
}

function chat(card) {
  const where = card.region && (/^[A-Z]{2}$/.test(card.region) ? regions.of(card.region) : card.region);
  const consent = [named("consent", card.consent), card.consent_at && moment(card.consent_at)].filter(Boolean).join(" · ");
  const blocked = card.blocked_at && [moment(card.blocked_at), card.blocked_by?.name].filter(Boolean).join(" · ");
  const language = card.language && `${languageName(card.language)} · ${channelName(card.channel)}`;
  return [
    fact("language", language), fact("region", where), fact("ambulance", card.ambulance && make("bdi", {}, card.ambulance)), fact("consent", consent),
    fact("scene", card.scene), fact("since", card.since && moment(card.since)), fact("last_at", card.last_at && moment(card.last_at)), fact("blocked", blocked),
  ];
}

function lists(card, on) {
  const level = (one) => make("li", {}, make("time", { datetime: one.at }, moment(one.at)), levelBadge(one), one.departments.map(departmentName).join(", "));
  const earlier = (one) => make("li", {}, make("a", { href: `/desk?case=${one.id}` }, one.number), levelBadge(one), make("time", { datetime: one.opened_at }, moment(one.opened_at)),
    one.outcome && make("span", {}, t(`outcome_${one.outcome}`)), one.department && make("span", {}, departmentName(one.department)));
  const other = (one) => make("li", {}, channelName(one.channel), make("span", {}, languageName(one.language)), make("time", { datetime: one.last_at }, moment(one.last_at)));
  const made = [list("levels", card.levels, level), list("earlier", card.earlier, earlier), list("chats", card.other_chats, other)];
  for (const link of made[1]?.querySelectorAll("a") ?? []) link.addEventListener("click", (event) => (event.preventDefault(), on.open(Number(new URL(link.href).searchParams.get("case")))));
  return made;
}

const list = (name, items, line) => (items?.length ? make("section", { class: "card-list" }, said("h3", `card_${name}`), make("ul", {}, ...items.map(line))) : null);

// Shown until the case is left, and in no other place.
function secret(field, reveal) {
  const place = make("dd", { class: "secretive" }, said("span", "card_hidden"));
  place.append(button(t("card_reveal"), async () => {
    const value = await reveal(field);
    if (value) place.replaceChildren(make("bdi", {}, value));
  }, { class: "quiet" }));
  return make("div", { class: "whole" }, make("dt", {}, has(`card_${field}`) ? t(`card_${field}`) : field), place);
}
