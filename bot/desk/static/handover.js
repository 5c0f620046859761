// What one shift hands to the next: what is open and promised, what ends soon, who is there, what changed. No figures of persons.

import { get } from "./api.js";
import { fill, find, make, said } from "./dom.js";
import { fillRow, windowLeft } from "./row.js";
import { listed, t, teamName } from "./texts.js";
import { duration, moment, setNow } from "./times.js";

const MOST_CHANGES = 8;
const RISKS = ["E1", "E2", "U", "R", "INFO"];

async function show() {
  const [me, page] = await Promise.all([get("me", { auto: true }), get("handover")]).catch((failure) => [null, failure]);
  find("problem").hidden = Boolean(me);
  if (!me) return void (find("problem").textContent = page.sentence);
  setNow(page.now);
  const rows = new Map(page.rows.map((row) => [row.id, row]));
  const cases = (ids) => ids.map((id) => rows.get(id)).filter(Boolean);
  const line = (row, ...more) => item(row, me.handle, more);
  find("span").textContent = t("handover_span", { since: moment(page.since), until: moment(page.until) });
  const parts = {
    late_now: cases(page.late_now).map((row) => line(row)),
    promises: page.promises.map((one) => line(rows.get(one.case), t("handover_promise", { time: moment(one.due_at), name: one.who?.name ?? "" }))),
    closing: page.closing.map((one) => line(rows.get(one.case), windowLeft(one.closes_at))),
    waking: cases(page.waking).map((row) => line(row)),
    breaches: cases(page.breaches).map((row) => line(row)),
    open: cases(page.open).map((row) => line(row)),
  };
  const empty = Object.keys(parts).filter((name) => !parts[name].length).map((name) => t(`handover_${name}`));
  fill(find("parts"), people(page), counts(page), ...Object.entries(parts).map(([name, items]) => part(name, items)),
    empty.length ? make("section", { class: "card", "data-part": "none" }, make("p", { class: "none" }, t("handover_nothing", { names: listed(empty) }))) : null,
    figures(page), changes(page));
}

const part = (name, items) => (items.length ? make("section", { class: "card", "data-part": name }, said("h2", `handover_${name}`), make("ol", { class: "rows", role: "list" }, ...items)) : null);

function item(row, me, more) {
  if (!row) return null;
  const link = make("a", { href: `/desk?case=${row.id}` });
  fillRow(link, { ...row, unread: false }, me);
  link.append(...more.map((words) => make("span", { class: "row-line promised" }, words)));
  return make("li", {}, link);
}

function people(page) {
  const names = page.on_duty.map((one) => (one.duty === "break" ? t("on_break", { name: one.name }) : one.name));
  return make("section", { class: "card", "data-part": "on_duty" }, said("h2", "handover_on_duty"), make("p", {}, names.length ? listed(names) : t("on_duty_nobody")));
}

function counts(page) {
  const badge = ({ risk, count }) => make("li", {}, make("strong", {}, String(count)), make("span", { class: `level level-${RISKS[risk]}` }, [t(`level_${RISKS[risk]}`), risk === 0 && t("crisis")].filter(Boolean).join(" · ")));
  return make("section", { class: "card", "data-part": "counts" }, said("h2", "handover_counts"),
    page.open_by_risk.length ? make("ul", { class: "counts", role: "list" }, ...page.open_by_risk.map(badge)) : said("p", "handover_none", { class: "none" }));
}

function changes(page) {
  const line = (one) => make("li", {}, make("strong", {}, one.pack), make("span", {}, one.changed_at ? t("handover_changed", { time: moment(one.changed_at), owner: one.owner }) : t("handover_review", { day: one.review_date, owner: one.owner })));
  const [short, rest] = [page.changes.slice(0, MOST_CHANGES), page.changes.slice(MOST_CHANGES)];
  const lines = [...(page.installed_at ? [make("li", {}, t("handover_installed", { time: moment(page.installed_at) }))] : []), ...short.map(line)];
  return make("section", { class: "card", "data-part": "changes" }, said("h2", "handover_changes"),
    lines.length ? make("ul", { class: "plain-list", role: "list" }, ...lines) : said("p", "handover_none", { class: "none" }),
    rest.length ? make("details", {}, make("summary", {}, t("more_rows")), make("ul", { class: "plain-list", role: "list" }, ...rest.map(line))) : null);
}

function figures(page) {
  const line = (one) => make("li", {}, make("strong", {}, one.team ? teamName(one.team) : t("handover_no_team")),
    make("span", {}, one.median_minutes === null ? t("handover_few", { n: one.answered }) : t("handover_median", { n: one.answered, time: duration(one.median_minutes * 60) })));
  return make("section", { class: "card", "data-part": "figures" }, said("h2", "handover_figures"),
    page.figures.length ? make("ul", { class: "plain-list", role: "list" }, ...page.figures.map(line)) : said("p", "handover_none", { class: "none" }));
}

// Locked or signed out: nothing stays, and the page leads to the door.
document.addEventListener("daozhen:out", (event) => {
  find("parts").replaceChildren();
  location.replace(`/staff/${event.detail === "locked" ? "unlock" : "login"}?next=${encodeURIComponent(location.pathname)}`);
});
document.addEventListener("daozhen:locked", () => find("parts").replaceChildren());
find("again").addEventListener("click", show);
find("print").addEventListener("click", () => window.print());
await show();
document.documentElement.dataset.ready = "yes";
