// FAQ and clinical packs: a table, one of its rows as a form, what an edit changes, and what has to be reviewed again.

import { ask, button, dropTyped, failed, field, find, get, keepTyped, languageName, later, make, page, post, query, ready, sayTyped, t, table, toast, typedBefore } from "./kit.js";
import { showDraft, showFindings, showOthers, words } from "./changing.js";
import { changed, control, outcome, typedIn } from "./packform.js";

const room = page.room;
const state = { page: 0, found: null, open: null, controls: [], previews: {} };
const days = new Intl.DateTimeFormat(`${page.language}-u-nu-latn`, { dateStyle: "medium" });
const day = (iso) => (iso ? days.format(new Date(`${iso}T12:00:00`)) : "");
const AGAIN_MS = 1000;
const LISTEN_MS = 3000;
const name = (value) => page.departments[value] ?? page.names[value] ?? value;
const badge = (look, text) => make("span", { class: `badge ${look}` }, text);

// The table

async function load(from = 0) {
  state.page = from;
  const found = await get(`${room}/rows?${query({ table: find("table").value, q: find("q").value, only: find("only").value, page: from || "" })}`);
  state.found = from ? { ...found, rows: [...state.found.rows, ...found.rows] } : found;
  find("rows").replaceChildren(table(t(`shared_pack_table_${find("table").value}`), columns(found), state.found.rows, { id: (row) => row.entry }));
  find("total").textContent = t("shared_pack_total", { n: found.total });
  find("more").hidden = !found.more;
  find("head-acts").replaceChildren(...[found.grows && button(t("shared_pack_new"), add, { class: "quiet", id: "new" })].filter(Boolean));
  showDraft(found.draft);
}

function columns(found) {
  const title = { name: t("shared_pack_entry"), cell: (row) => make("div", {}, button(row.title || row.entry, () => open(row.file, row.entry).catch(failed), { class: "pack-open", dir: "auto" }), row.title ? make("div", {}, make("small", { dir: "ltr" }, row.entry)) : "") };
  const shown = found.columns.filter((column) => column !== "names").slice(room === "faq" ? 1 : 0, 5);
  return [title, ...shown.map((column) => ({ name: found.labels[column], cell: (row) => make("span", column === "when" ? { class: "condition" } : {}, name(row.cells[column])) })), { name: t("shared_pack_review"), cell: marks }];
}

function marks(row) {
  const found = [row.draft && badge("good", t("shared_pack_in_draft")), row.due && badge("alarm", t("shared_pack_due_on", { day: day(row.day) })),
    row.missing.length > 0 && badge("soon", t("shared_pack_missing", { languages: row.missing.map(languageName).join(", ") })),
    row.helpful?.shown > 0 && make("small", {}, row.helpful.percent === null ? t("shared_pack_shown", { n: row.helpful.shown }) : t("shared_pack_helpful", { percent: row.helpful.percent, n: row.helpful.judged })),
    !row.due && row.day && make("small", {}, t("shared_pack_until", { day: day(row.day) }))];
  return make("div", { class: "pack-badges" }, ...found.filter(Boolean));
}

// One entry

async function open(file, entry) {
  const found = await get(`${room}/one?${query({ file, entry })}`);
  const before = typedBefore(`${file} ${entry}`);
  const typed = new Map((before ?? []).map(({ path, value }) => [JSON.stringify(path), value]));
  state.open = { file, entry, seen: found.seen };
  state.controls = found.fields.map((one) => control(one, typed.get(JSON.stringify(one.path))));
  if (before) sayTyped(`${file} ${entry}`, () => open(file, entry).catch(failed));
  history.replaceState(null, "", `?${query({ table: find("table").value, file, entry })}`);
  find("entry").hidden = false;
  find("entry-title").textContent = entry ? found.title || entry : `${t("shared_pack_header")}: ${found.file.pack}`;
  find("about").replaceChildren(...about(found, entry));
  showOthers(found.others);
  find("fields").replaceChildren(...state.controls.map((one) => one.element));
  find("words").replaceChildren(...found.words.map((value) => make("option", { value })));
  find("retire").hidden = !found.retires;
  find("looks").hidden = true;
  if (room === "faq" && entry) await preview().catch(failed);
  find("entry").scrollIntoView({ block: "start" });
  find("entry").focus({ preventScroll: true });
}

function about(found, entry) {
  const shown = [badge("calm", t("shared_pack_owned", { owner: found.file.owner })), badge("calm", t("shared_pack_reviewed", { reviewer: found.file.reviewer })), badge("calm", t("shared_pack_until", { day: day(found.file.day) }))];
  if (found.missing.length) shown.push(badge("soon", t("shared_pack_missing", { languages: found.missing.map(languageName).join(", ") })));
  if (!entry) return [...shown, make("small", {}, t("shared_pack_header_hint"))];
  return [...shown, make("small", { dir: "ltr" }, `${found.file.file} › ${entry}`), button(t("shared_pack_header"), () => open(found.file.file, "").catch(failed), { class: "quiet" })];
}

const body = (act, more = {}) => ({ ...state.open, act, values: act === "edit" ? changed(state.controls) : [], ...more });

async function preview() {
  const found = await post(`${room}/look`, body("edit"));
  state.previews = found.previews ?? {};
  find("looks").hidden = !Object.keys(state.previews).length;
  const answers = state.controls.find(({ one }) => one.path[0] === "answers");
  for (const whole of answers?.fields ?? []) showFindings(whole, found.findings?.[whole.querySelector("textarea").dataset.language] ?? []);
  showPreviews();
  return found;
}

function showPreviews() {
  const language = find("tongue").value;
  find("previews").replaceChildren(...(state.previews[language] ?? []).map((one) => make("figure", { class: `preview ${one.platform}` },
    make("figcaption", {}, one.name), words("p", one.text, language, { class: "bubble" }),
    one.lines.length > 0 && words("p", one.lines.join("\n"), language, { class: "bubble" }),
    one.buttons.length > 0 && make("p", { class: "row" }, ...one.buttons.map((label) => words("span", label, language, { class: "badge calm" }))),
    make("small", {}, one.length))));
}

const typing = later(() => preview().catch(() => {}), 400);
find("editor").addEventListener("input", () => { if (room === "faq" && state.open?.entry) typing(); });
// Rows are put in and taken out with a press.
for (const kind of ["input", "click"]) find("fields").addEventListener(kind, () => keepTyped(`${state.open.file} ${state.open.entry}`, typedIn(state.controls)));

// What an edit changes, and keeping it

find("editor").addEventListener("submit", (event) => { event.preventDefault(); keep("edit"); });
find("retire").addEventListener("click", () => keep("retire"));

async function keep(act, more = {}) {
  const asked = body(act, more);
  if (act === "edit" && !asked.values.length) return void toast(t("shared_pack_nothing"));
  try {
    const found = await looked(asked);
    if (act === "edit" && wrong(found.found ?? [])) return;
    const go = t(act === "retire" ? "shared_pack_retire" : "shared_pack_keep");
    const shown = make("div", { class: "seen" }, ...seen(found));
    if (found.listening) listen(asked, shown);
    const done = await ask(t(act === "retire" ? "shared_pack_retire_ask" : "shared_pack_changes"), { fields: shown, go, wide: true, danger: act === "retire" || found.impact?.lost > 0, run: () => post(`${room}/keep`, asked) });
    if (!done) return;
    toast(t("shared_pack_kept"));
    dropTyped(`${asked.file} ${asked.entry}`);
    await load();
    showDraft(done.draft);
    if (act === "retire") find("entry").hidden = true;
    else await open(asked.file, asked.entry);
  } catch (failure) {
    failed(failure);
    // Somebody changed it meanwhile: what was typed stands over what is there now, to be looked at once more.
    if (failure.error === "changed") await open(asked.file, asked.entry).catch(failed);
  }
}

// The sentences are read once after the hospital's computer has started: until then it is said how far that is.
async function looked(asked) {
  for (;;) {
    const found = await post(`${room}/look`, asked);
    find("reading").textContent = found.waits ? t("shared_pack_reading", { n: found.waits.read, of: found.waits.of }) : "";
    if (!found.waits) return found;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

// While model and second reader are still being asked the dialog shows what the rules say, and is written anew when more is known.
async function listen(asked, shown) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LISTEN_MS));
    if (!shown.isConnected) return;
    const found = await post(`${room}/look`, asked).catch(() => null);
    if (!found || !shown.isConnected) return;
    shown.replaceChildren(...seen(found));
    if (!found.listening) return;
  }
}

// What is wrong is said below its field, and the first of those is where one writes on.
function wrong(found) {
  const about = (control, language = "") => found.filter((one) => JSON.stringify(one.path) === JSON.stringify(control.one.path) && (!language || !one.language || one.language === language));
  for (const control of state.controls) {
    for (const whole of control.fields ?? []) showFindings(whole, about(control, whole.querySelector("textarea").dataset.language));
    if (control.element.say) showFindings(control.element, about(control));
  }
  if (found.some((one) => one.kind === "wrong")) find("fields").querySelector("[aria-invalid]")?.focus();
  return found.some((one) => one.kind === "wrong");
}

const minded = (one) => make("li", {}, one.language && make("small", {}, languageName(one.language), ": "), t(`shared_check_${one.key}`, one.values));

function seen(found) {
  const parts = [make("p", {}, t("shared_pack_edits", { n: found.count }))];
  if (found.found?.length) parts.push(make("ul", { class: "hint" }, ...found.found.map(minded)));
  if (found.problem) parts.push(make("p", { class: "problem" }, t("shared_pack_problem"), " ", make("bdi", {}, found.problem)));
  return [...parts, ...(found.impact ? [...impact(found.impact), byWhom(found)] : [])];
}

// Who was asked: rules, model and second reader, as when a patient writes, or so far the rules alone.
function byWhom({ impact: { asked, by_both: both }, listening, deaf }) {
  const text = deaf ? t("shared_pack_deaf") : listening ? t("shared_pack_by_rules", { n: listening.read, of: listening.of }) : t(asked === both ? "shared_pack_by_both" : "shared_pack_by_some", { n: asked - both });
  return make("p", { class: listening || deaf ? "hint" : "small", role: "status", "data-by": deaf || listening ? "rules" : "both" }, text);
}

function impact(found) {
  const time = make("small", {}, t("shared_pack_took", { n: found.asked, ms: found.milliseconds }));
  if (!found.count) return [make("p", { class: "done" }, t("shared_pack_same")), time];
  return [
    found.lost > 0 && make("p", { class: "problem" }, t("shared_pack_lost", { n: found.lost })),
    found.alarms > 0 && make("p", { class: "hint" }, t("shared_pack_alarms", { n: found.alarms })),
    make("p", {}, t("shared_pack_differ", { n: found.count })),
    make("ol", { class: "effects", role: "list", tabindex: 0, "aria-label": t("shared_pack_effects") }, ...found.effects.map(effect)), time,
  ].filter(Boolean);
}

const effect = (one) => make("li", { "data-lost": one.lost || null },
  make("span", { class: "row" }, badge(one.lost ? "alarm" : one.alarm ? "soon" : "calm", t(`shared_pack_kind_${one.kind}`)), make("small", {}, languageName(one.language))),
  words("span", one.text, one.language, { class: "text" }),
  make("span", {}, t("shared_pack_before", { outcome: outcome(one.before) })), make("span", {}, t("shared_pack_after", { outcome: outcome(one.after) })));

// A new entry

async function add() {
  const files = state.found.files.map((one) => [one.file, `${one.pack} · ${one.owner}`]);
  const file = make("select", { name: "file" }, ...files.map(([value, label]) => make("option", { value }, label)));
  const id = make("input", { name: "entry", required: true, maxlength: 40, pattern: "[A-Za-z][A-Za-z0-9_]{1,39}", dir: "ltr", autocomplete: "off" });
  const fields = [field(t("shared_pack_new_id"), id, t("shared_pack_new_id_hint")), field(t("shared_pack_new_file"), file)];
  const done = await ask(t("shared_pack_new"), { fields, go: t("shared_pack_new"), run: async (typed) => ({ ...typed, ...(await post(`${room}/keep`, { ...typed, act: "add" })) }) });
  if (!done) return;
  await load().catch(failed);
  showDraft(done.draft);
  await open(done.file, done.entry).catch(failed);
}

// What has to be reviewed

async function loadDue() {
  const { due, owners } = await get(`${room}/due`);
  const overdue = due.filter((one) => one.overdue).length;
  find("due-title").textContent = due.length ? t("shared_pack_due_count", { n: due.length, overdue }) : t("shared_pack_due_none");
  find("due").open = overdue > 0;
  find("owner").append(...owners.map((value) => make("option", { value }, value)));
  const show = () => find("due-list").replaceChildren(dueTable(due.filter((one) => !find("owner").value || one.owner === find("owner").value)));
  find("owner").addEventListener("change", show);
  show();
}

const dueTable = (rows) => table(t("shared_pack_due"), [
  { name: t("shared_pack_entry"), cell: (row) => button(row.entry ? row.title || row.entry : t("shared_pack_whole", { table: t(`shared_pack_table_${row.table}`), n: row.count }), () => open(row.file, row.entry).catch(failed), { class: "pack-open", dir: "auto" }) },
  { name: t("shared_pack_owner"), cell: (row) => make("bdi", {}, row.owner) },
  { name: t("shared_pack_review"), cell: (row) => make("div", { class: "pack-badges" }, badge(row.overdue ? "alarm" : "soon", t(row.overdue ? "shared_pack_due_on" : "shared_pack_until", { day: day(row.day) })), row.stopped && badge("alarm", t("shared_pack_stopped"))) },
], rows);

// What is pressed

find("tongue").value = page.language;
find("tongue").addEventListener("change", showPreviews);
find("more").addEventListener("click", () => load(state.page + 1).catch(failed));
find("q").addEventListener("input", later(() => load().catch(failed)));
find("search").addEventListener("submit", (event) => event.preventDefault());
for (const id of ["table", "only"]) find(id).addEventListener("change", () => load().catch(failed));

const search = new URLSearchParams(location.search);
if ([...find("table").options].some((one) => one.value === search.get("table"))) find("table").value = search.get("table");
await Promise.all([load(), loadDue()]).catch(failed);
if (search.get("file")) await open(search.get("file"), search.get("entry") ?? "").catch(failed);
ready([
  { id: "search", keys: ["/"], text: "shared_pack_search", run: () => find("q").focus() },
  { id: "new", keys: ["n"], text: "shared_pack_new", run: () => add(), possible: () => Boolean(state.found?.grows) },
]);
