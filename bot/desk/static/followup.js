// Follow-up on the card: plans, how they are kept to, what comes next, readings as a picture and as a table.

import { get } from "./api.js";
import { button, fill, find, icon, make, said } from "./dom.js";
import { levelBadge } from "./row.js";
import { t } from "./texts.js";
import { dateOnly, dayIn, moment } from "./times.js";

export class Followup {
  // `on` has: ask(name, enrolment): the panel of an act; act(body): what needs no panel
  constructor(on) {
    this.on = on;
    this.element = make("section", { class: "card-list followup", id: "followup", "aria-labelledby": "followup-title" });
    this.clear();
  }

  clear() {
    this.id = this.view = null;
    this.element.replaceChildren();
  }

  async load(id) {
    if (this.id !== id) this.clear();
    this.id = id;
    const view = await get(`cases/${id}/followup`, { auto: true }).catch(() => null);
    if (this.id === id) this.took(view);
  }

  // The patient wrote: it may be their yes, or an answer to a question.
  heard() {
    if (this.view?.enrolments.length) this.load(this.id);
  }

  took(view) {
    this.view = view;
    const title = make("h3", { id: "followup-title" }, t("follow_title"));
    if (!view) return void fill(this.element, title, said("p", "follow_failed", { class: "problem" }));
    const open = new Set([...this.element.querySelectorAll("details[open]")].map((one) => one.dataset.of));
    const parts = [
      view.enrolments.length ? make("ul", { class: "plans" }, ...view.enrolments.map((one) => this.plan(one))) : said("p", "follow_none", { class: "none" }),
      view.may && button(t("enrol_title"), () => this.on.ask("enrol"), { class: "quiet", id: "enrol-open" }),
      ...view.courses.map((course, place) => courseOf(course, open.size ? open.has(course.measure) : place === 0)),
      view.courses.length ? files(this.id) : null,
      view.ended.length ? endedOf(view.ended, open.has("ended")) : null,
    ];
    fill(this.element, title, ...parts);
  }

  plan(one) {
    return make("li", { "data-enrolment": one.id, "data-state": one.state },
      make("p", { class: "plan-head" }, make("strong", {}, one.name), make("span", { class: `badge ${TONES[one.state] ?? ""}` }, t(`follow_state_${one.state}`))),
      make("p", { class: "small" }, facts(one).join(" · ")), limits(one, this.view), coming(one), this.view.may && make("div", { class: "row-buttons" }, ...this.acts(one)));
  }

  acts(one) {
    const acting = (name, body) => button(t(`plan_${name}`), () => this.on.act({ id: one.id, what: name, ...body }), { class: "quiet", "data-plan-act": name });
    const asking = (name) => button(t(`plan_${name}`), () => this.on.ask(name, one), { class: "quiet", "data-plan-act": name });
    const groups = [...new Set(one.next.map((due) => due.group))];
    return [
      one.state === "asked" && acting("ask"),
      one.state === "active" && groups.length > 0 && acting("visited", { group: groups[0] }),
      one.state === "active" && asking("pause"),
      one.state === "paused" && acting("resume"),
      asking("limits"),
      asking("stop"),
    ];
  }
}

const TONES = { asked: "soon", active: "good", paused: "calm" };

function facts(one) {
  const by = one.by ? t("follow_by", { name: one.by.name }) : t(`follow_by_${one.source}`);
  const { asked, kept, worrying, open } = one.kept;
  return [
    t("follow_from", { day: dateOnly(one.day) }), by,
    asked ? t("follow_kept", { asked, kept }) : one.state === "asked" ? "" : t("follow_kept_none"),
    worrying ? t("follow_worrying", { n: worrying }) : "", open ? t("follow_open") : "",
    one.paused_until ? t("follow_paused_until", { day: dayIn(one.paused_until, one.zone) }) : "",
  ].filter(Boolean);
}

function limits(one, view) {
  const names = Object.fromEntries((view.values[one.plan] ?? []).map((value) => [value.id, value.name]));
  const lines = Object.entries(one.limits).flatMap(([id, sides]) => ["low", "high"].filter((side) => side in sides).map((side) => `${t(`enrol_${side}`, { name: names[id] ?? id })} ${sides[side]}`));
  if (one.best) lines.push(`${t("enrol_best")} ${one.best}`);
  return lines.length ? make("p", { class: "small" }, `${t("follow_limits")}: ${lines.join(" · ")}`) : null;
}

function coming(one) {
  const lines = one.next.slice(0, 2).map((due) => make("span", {}, make("time", { datetime: due.due_at }, moment(due.due_at)), due.again ? ` (${t("follow_again")})` : ""));
  return lines.length ? make("p", { class: "small coming" }, icon("wait"), t("follow_next"), ...lines) : null;
}

// The picture is drawn by the server, white in every theme, as the patient sees it.
function courseOf(course, open) {
  const latest = course.rows[0];
  const picture = () => make("img", { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(course.svg)}`, alt: course.alt });
  const row = (one) => make("tr", {}, make("td", {}, `${one.day} ${one.clock}`), make("td", {}, make("bdi", {}, one.value)), make("td", {}, one.level === "OK" ? "–" : levelBadge(one)));
  const head = make("tr", {}, ...["day", "value", "meaning"].map((name) => make("th", { scope: "col" }, t(`follow_${name}`))));
  return make("details", { class: "course", open, "data-of": course.measure },
    make("summary", {}, make("span", {}, course.name), make("bdi", {}, `${latest.value} ${course.unit}`.trim())),
    button(picture(), () => enlarge(course, picture()), { class: "enlarge", title: t("follow_larger") }),
    make("details", { "data-of": `${course.measure}-table` }, make("summary", {}, t("follow_table")), make("table", {}, make("thead", {}, head), make("tbody", {}, ...course.rows.map(row)))));
}

function files(id) {
  const file = (kind, key) => make("a", { href: `/desk/api/cases/${id}/readings.${kind}`, download: `readings-${id}.${kind}` }, t(key));
  return make("p", { class: "files" }, file("pdf", "follow_pdf"), file("csv", "follow_csv"));
}

function enlarge(course, picture) {
  const sheet = find("sheet");
  const leave = button(icon("close"), () => sheet.close(), { class: "icon quiet", "aria-label": t("close_panel") });
  sheet.replaceChildren(make("div", { class: "panel-head" }, make("h2", { id: "sheet-title" }, course.name), leave), make("div", { class: "large-picture" }, picture));
  sheet.showModal();
}

function endedOf(ended, open) {
  const line = (one) => make("li", {}, make("strong", {}, one.name), make("span", {}, t(`follow_state_${one.state}`)), make("span", {}, t("follow_from", { day: dateOnly(one.day) })));
  return make("details", { open, "data-of": "ended" }, make("summary", {}, t("follow_ended")), make("ul", {}, ...ended.map(line)));
}
