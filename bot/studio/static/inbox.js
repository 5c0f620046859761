// The inbox: one sentence is open, a digit says what it means. What was done can be taken back for some seconds.

import { announce, ask, button, confirmed, failed, field, fill, find, get, isolated, languageName, make, may, options, page, post, query, ready, t, toast } from "./kit.js";
import { pick } from "./picking.js";
import { joined, words } from "./words.js";

let groups = [];
let open = 0;
let known = null; // labels, signs and people, fetched with the first need of them
let marks = [];
let chosen = []; // words that were clicked and are not yet said to be something

const current = () => groups[open] ?? null;
const isChecking = () => find("view").value === "check";
const canLabel = () => Boolean(current()) && find("view").value !== "check";

async function load() {
  const filters = Object.fromEntries(new FormData(find("filters")));
  const found = await get(`inbox/list?${query(filters)}`);
  groups = found.groups;
  find("count").textContent = found.total ? t("inbox_count", { n: found.total }) : t("inbox_none");
  show(0);
}

function show(place, { focus = false } = {}) {
  open = Math.max(0, Math.min(place, groups.length - 1));
  chosen = [];
  marks = [...(current()?.marks ?? [])];
  fill(find("sentences"), ...groups.map((group, number) => (number === open ? opened(group) : folded(group, number))));
  const card = find("sentences").children[open];
  if (focus && card) { card.focus(); card.scrollIntoView({ block: "nearest" }); }
}

function about(group) {
  const urgent = { near_miss: "alarm", corrected: "soon" };
  const parts = [make("span", { class: `badge ${urgent[group.source] ?? "calm"}` }, t(`inbox_source_${group.source}`)), make("span", {}, languageName(group.language)), make("span", { dir: "ltr" }, group.day)];
  if (group.said) parts.push(make("span", {}, t("inbox_said", { name: group.said })));
  if (group.right) parts.push(make("strong", {}, t("inbox_right", { name: group.right })));
  if (group.assigned_to) parts.push(make("span", {}, t("inbox_given", { who: group.assigned_to })));
  return make("div", { class: "about" }, ...parts);
}

function folded(group, number) {
  const opens = button(group.text, () => show(number, { focus: true }), { class: "opens", lang: group.language, dir: page.directions[group.language] });
  return make("li", { class: "card sentence", "data-id": group.id }, about(group), opens, group.label && label(group));
}

const label = (group) => make("p", { class: "small" }, t("inbox_labelled", { who: group.labelled_by, name: group.label_name }));

function opened(group) {
  const parts = [about(group), sentence(group), similar(group)];
  if (group.label) parts.push(label(group));
  parts.push(...(isChecking() ? [checking(group)] : labelling(group)));
  return make("li", { class: "card sentence is-open", "data-id": group.id, tabindex: "-1" }, ...parts.filter(Boolean));
}

function similar(group) {
  if (!group.alike.length) return null;
  const lines = group.alike.map((text) => make("li", { lang: group.language, dir: "auto" }, text));
  return make("details", {}, make("summary", {}, t("inbox_alike", { n: group.alike.length })), make("ul", { class: "alike" }, ...lines));
}

function sentence(group) {
  const parts = joined(words(group.text, group.language), [...marks, ...group.known]);
  const text = make("p", { class: "words", lang: group.language, dir: page.directions[group.language] }, ...parts.map((part) => word(part)));
  const button_ = button(t("inbox_mark"), mark, { class: "quiet", id: "mark", hidden: true });
  return make("div", {}, text, isChecking() ? null : make("p", { class: "small" }, t("inbox_words")), button_);
}

function word(part) {
  const isMarked = marks.includes(part.place);
  if (!part.isWord && !part.place) return document.createTextNode(part.text);
  if (isChecking() || (part.place && !isMarked)) {
    return make("span", { class: `word${isMarked ? " is-marked" : part.place ? " is-known" : ""}`, title: part.place ? (isMarked ? part.place.name : t("inbox_known", { name: part.place.name })) : null }, part.text);
  }
  if (isMarked) return button(part.text, () => unmark(part.place), { class: "word is-marked", title: part.place.name, "aria-label": t("inbox_unmark", { words: `${part.text}: ${part.place.name}` }) });
  const element = button(part.text, () => choose(part, element), { class: "word", "aria-pressed": "false" });
  return element;
}

function choose(part, element) {
  const isChosen = element.getAttribute("aria-pressed") === "true";
  element.setAttribute("aria-pressed", String(!isChosen));
  chosen = isChosen ? chosen.filter((one) => one.start !== part.start) : [...chosen, part];
  find("mark").hidden = !chosen.length;
}

async function mark() {
  const [start, end] = [Math.min(...chosen.map((one) => one.start)), Math.max(...chosen.map((one) => one.end))];
  const said = current().text.slice(start, end);
  const concept = await pick(t("inbox_mark_title", { words: said }), (await everything()).concepts, t("inbox_choose"));
  if (!concept) return;
  marks = [...marks.filter((one) => one.end <= start || one.start >= end), { start, end, concept: concept.value, name: concept.name }];
  again();
}

function unmark(place) {
  marks = marks.filter((one) => one !== place);
  again();
}

// Draw the open sentence anew with its marks, not yet stored.
function again() {
  chosen = [];
  find("sentences").children[open].replaceWith(opened(current()));
}

function labelling(group) {
  const guesses = group.guesses.map((guess, place) => button("", () => say(guess), { class: "quiet", "data-label": guess.label }));
  guesses.forEach((element, place) => element.append(make("kbd", {}, String(place + 1)), make("span", { dir: "auto" }, group.guesses[place].name)));
  const acts = [act("/", "inbox_other", other), act("x", "inbox_skip", () => aside("skipped")), act("o", "inbox_out", () => aside("out_of_scope")), act("a", "inbox_assign", assign), act("p", "inbox_delete", remove)];
  if (group.state === "labelled") acts.unshift(act("b", "inbox_back", () => back([...group.numbers])));
  return [make("h2", {}, t("inbox_which")), group.numbers.length > 1 && make("p", { class: "small" }, t("inbox_group", { n: group.numbers.length })), make("div", { class: "guesses" }, ...guesses), make("div", { class: "acts" }, ...acts)];
}

function checking(group) {
  const lines = group.marks.map((one) => make("li", {}, `${group.text.slice(one.start, one.end)} → ${one.name}`));
  const acts = [act("y", "inbox_approve", approve, "strong"), act("n", "inbox_send_back", sendBack), act("p", "inbox_delete", remove)];
  return make("div", {}, lines.length ? make("ul", { class: "alike" }, ...lines) : null, make("div", { class: "acts" }, ...acts));
}

function act(key, text, run, kind = "quiet") {
  const element = button("", run, { class: kind, "data-act": text });
  element.append(make("kbd", {}, key), make("span", {}, t(text)));
  return element;
}

async function everything() {
  known ??= await get("inbox/labels");
  return known;
}

// Do something with the open group; it leaves the list, and the next one is open.
async function doing(run, after) {
  const group = current();
  if (!group) return;
  try {
    const done = await run(group);
    groups = groups.filter((one) => one !== group);
    show(open, { focus: true });
    after(done, group);
    if (!groups.length) await load();
  } catch (failure) {
    failed(failure);
    if (failure.status === 409) await load().catch(failed);
  }
}

function say(guess) {
  const marked = marks.map(({ start, end, concept }) => ({ start, end, concept }));
  return doing((group) => post("inbox/label", { numbers: group.numbers, label: guess.label, marks: marked }), (done, group) => {
    toast(t("inbox_done_label", { name: guess.name }), { undo: () => back(group.numbers) });
    const finding = done.findings[0];
    if (finding) toast(t("inbox_mind", { text: page.texts[`inbox_check_${finding.key}`] ?? t("inbox_check_other") }));
  });
}

async function other() {
  const label = await pick(t("inbox_which"), (await everything()).labels, t("inbox_choose"));
  if (label) await say({ label: label.value, name: label.name });
}

const aside = (state) => doing((group) => post("inbox/aside", { numbers: group.numbers, state }), (_, group) => toast(t("inbox_done_aside"), { undo: () => back(group.numbers) }));

async function back(numbers) {
  try {
    await post("inbox/back", { numbers });
    toast(t("inbox_done_back"));
    await load();
  } catch (failure) {
    failed(failure);
  }
}

async function remove() {
  const group = current();
  await confirmed(t("inbox_delete_title"), t("inbox_delete_text"), t("inbox_delete"), () => doing(() => post("inbox/delete", { numbers: group.numbers }), () => toast(t("inbox_done_delete"))));
}

async function assign() {
  const { people } = await everything();
  const choices = make("select", { name: "to" });
  options(choices, [["", t("inbox_nobody")], ...people.map((one) => [one, one])], current().assigned_to);
  const group = current();
  const done = await ask(t("inbox_assign"), { fields: [field(t("inbox_assign"), choices)], go: t("shared_save"), run: ({ to }) => post("inbox/assign", { numbers: group.numbers, to }) });
  if (!done) return;
  toast(t("inbox_done_assign"));
  await load().catch(failed);
}

const approve = () => doing((group) => post("inbox/approve", { numbers: group.numbers }), ({ changes }) => {
  const waiting = changes.find((one) => one.state === "review");
  if (waiting) toast(waiting.deciders.length ? t("inbox_done_review", { n: waiting.id, names: waiting.deciders.map(isolated).join(", ") }) : t("inbox_done_no_decider", { n: waiting.id }));
  else toast(t(changes.length ? "inbox_done_approve" : "inbox_done_known"));
});

const sendBack = () => doing((group) => post("inbox/send-back", { numbers: group.numbers }), () => toast(t("inbox_done_back")));

find("filters").addEventListener("change", () => load().catch(failed));
find("filters").addEventListener("submit", (event) => event.preventDefault());

const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({ id: `guess${n}`, keys: [String(n)], text: `inbox_key_guess_${n}`, possible: () => canLabel() && Boolean(current().guesses[n - 1]), run: () => say(current().guesses[n - 1]) }));
for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9]) page.texts[`inbox_key_guess_${n}`] = t("inbox_key_guess", { n });

const commands = [
  { id: "next", keys: ["j"], text: "inbox_key_next", run: () => show(open + 1, { focus: true }) },
  { id: "previous", keys: ["k"], text: "inbox_key_previous", run: () => show(open - 1, { focus: true }) },
  ...digits,
  { id: "other", keys: ["/"], text: "inbox_other", possible: canLabel, run: other },
  { id: "mark", keys: ["m"], text: "inbox_mark", possible: () => canLabel() && chosen.length > 0, run: mark },
  { id: "skip", keys: ["x"], text: "inbox_skip", possible: canLabel, run: () => aside("skipped") },
  { id: "out", keys: ["o"], text: "inbox_out", possible: canLabel, run: () => aside("out_of_scope") },
  { id: "assign", keys: ["a"], text: "inbox_assign", possible: canLabel, run: assign },
  { id: "delete", keys: ["p"], text: "inbox_delete", possible: () => Boolean(current()), run: remove },
  { id: "back", keys: ["b"], text: "inbox_back", possible: () => canLabel() && current().state === "labelled", run: () => back(current().numbers) },
  { id: "approve", keys: ["y"], text: "inbox_approve", possible: () => isChecking() && Boolean(current()) && may("approve_label"), run: approve },
  { id: "sendBack", keys: ["n"], text: "inbox_send_back", possible: () => isChecking() && Boolean(current()), run: sendBack },
];

load().catch(failed).finally(() => { ready(commands); announce(find("count").textContent); });
