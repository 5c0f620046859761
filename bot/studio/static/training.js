// Training data: choose an intent, read its sentences in a language, add, move and take away. Everything goes into one's draft.

import { ask, button, failed, field, find, get, languageName, later, make, page, post, query, ready, t, toast } from "./kit.js";
import { showDraft, showFindings, words } from "./changing.js";

const state = { intent: null, language: page.languages[page.language] ? page.language : "en", intents: 0, examples: 0, names: null };

const input = make("input", { name: "text", id: "new-text", maxlength: 300, autocomplete: "off", spellcheck: true });
const typed = field(t("training_new"), input, t("training_new_hint"));
find("new-field").append(typed);

// Intents

async function loadIntents(from = 0) {
  state.intents = from;
  const asked = find("q").value;
  const [found, sentences] = await Promise.all([get(`training/intents?${query({ q: asked, page: from || "" })}`), asked.trim() && !from ? get(`training/find?${query({ q: asked })}`) : null]);
  if (!from) find("intents").replaceChildren();
  find("intents").append(...found.intents.map(choice));
  find("total").textContent = t("training_total", { n: found.total });
  find("more-intents").hidden = !found.more;
  if (!from) showFound(sentences?.found ?? []);
  showDraft(found.draft);
  mark();
}

function choice(one) {
  const notes = [one.few.length && make("small", { class: "note" }, t("training_few", { languages: one.few.map(languageName).join(", ") })), one.many.length && make("small", { class: "note" }, t("training_many", { languages: one.many.map(languageName).join(", ") }))];
  const count = Object.values(one.counts).reduce((sum, n) => sum + n, 0);
  return make("li", {}, button([make("span", {}, one.name), make("small", {}, t("training_sentences", { n: count })), ...notes].filter(Boolean), () => choose(one.id), { class: "choice", "data-intent": one.id }));
}

function showFound(found) {
  find("found").hidden = !found.length;
  find("found-list").replaceChildren(...found.map((one) => make("li", {}, button([words("span", one.text, one.language), make("small", {}, `${one.name} · ${languageName(one.language)}`)], () => choose(one.intent, one.language), { class: "choice" }))));
}

function mark() {
  for (const one of document.querySelectorAll("[data-intent]")) one.setAttribute("aria-current", String(one.dataset.intent === state.intent));
}

// Sentences of one intent

async function choose(intent, language = state.language) {
  state.intent = intent;
  state.language = language;
  history.replaceState(null, "", `?${query({ intent, language })}`);
  mark();
  await loadExamples().catch(failed);
  find("intent").focus({ preventScroll: matchMedia("(min-width: 52rem)").matches });
}

async function loadExamples(from = 0) {
  state.examples = from;
  const { intent, language } = state;
  const found = await get(`training/examples?${query({ intent, language, page: from || "" })}`);
  if (intent !== state.intent || language !== state.language) return;
  find("of-intent").hidden = false;
  find("intent-title").textContent = found.intent.name;
  find("means").textContent = found.intent.means;
  find("describe").hidden = false;
  find("describe").firstElementChild.href = `/studio/training/intent?${query({ intent })}`;
  tabs(found.intent.counts);
  find("best").hidden = !found.intent.best;
  find("best").replaceChildren(make("small", {}, t("training_best")), words("span", found.intent.best, language));
  if (!from) find("examples").replaceChildren();
  find("examples").append(...found.examples.map(sentence));
  find("more-examples").hidden = !found.more;
}

function tabs(counts) {
  for (const tab of find("tongues").children) {
    const isChosen = tab.dataset.language === state.language;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    tab.querySelector("[data-count]").textContent = counts[tab.dataset.language];
  }
  find("panel").setAttribute("aria-labelledby", `tongue-${state.language}`);
  input.lang = state.language;
  input.dir = page.directions[state.language];
}

const marks = { added: "good", removed: "alarm" };

function sentence(one) {
  const badge = one.draft && make("span", { class: `badge ${marks[one.draft]}` }, t(`training_${one.draft}`));
  const acts = one.best ? [make("span", { class: "badge calm" }, t("training_stays"))]
    : one.draft === "removed" ? [button(t("training_restore"), () => change("restore", one), { class: "quiet" })]
      : [button(t("training_move"), () => move(one), { class: "quiet", "aria-label": `${t("training_move")}: ${one.text}` }), button(t("training_remove"), () => change("remove", one), { class: "quiet", "aria-label": `${t("training_remove")}: ${one.text}` })];
  return make("li", { "data-draft": one.draft || null }, words(one.draft === "removed" ? "del" : "span", one.text, one.language, { class: "text" }), make("span", { class: "row" }, badge, ...acts));
}

const about = (one) => ({ text: one.text, intent: one.intent, language: one.language });

async function change(act, one, more = {}) {
  try {
    const { draft } = await post(`training/${act}`, { ...about(one), ...more });
    showDraft(draft);
    await loadExamples();
    const undo = act === "restore" ? undefined : () => change("restore", one);
    toast(t(`training_done_${act}`), { undo });
  } catch (failure) {
    failed(failure);
  }
}

async function move(one) {
  state.names ??= (await get("training/names")).names;
  const ids = Object.fromEntries(Object.entries(state.names).map(([id, name]) => [name, id]));
  find("names").replaceChildren(...Object.keys(ids).map((value) => make("option", { value })));
  const choice = field(t("training_move_to"), make("input", { name: "to", list: "names", required: true, autocomplete: "off", dir: "auto" }), t("training_move_hint"));
  const chosen = await ask(t("training_move"), { text: one.text, fields: [choice], go: t("training_move"), run: async ({ to }) => {
    if (!ids[to]) throw { sentence: t("training_move_hint") };
    return ids[to];
  } });
  if (chosen) await change("move", one, { to: chosen });
}

// A new sentence

const check = later(async () => {
  const text = input.value;
  if (!text.trim()) return typed.say("");
  const found = await post("training/check", { text, intent: state.intent, language: state.language }).catch(failed);
  if (found && text === input.value) showFindings(typed, found.findings);
}, 200);

input.addEventListener("input", check);

find("adding").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const text = input.value;
    const done = await post("training/add", { text, intent: state.intent, language: state.language });
    if (!done.kept) return void showFindings(typed, done.findings);
    input.value = "";
    typed.say("");
    showDraft(done.draft);
    await loadExamples();
    toast(t("training_done_add"), { undo: () => change("remove", { text: text.trim(), intent: state.intent, language: state.language }) });
  } catch (failure) {
    failed(failure);
  }
  input.focus();
});

// What is pressed

find("tongues").addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) choose(state.intent, tab.dataset.language).then(() => tab.focus());
});
find("tongues").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = [...find("tongues").children];
  const by = document.dir === "rtl" ? -step : step;
  const next = all[(all.findIndex((tab) => tab.tabIndex === 0) + by + all.length) % all.length];
  choose(state.intent, next.dataset.language).then(() => next.focus());
});
find("more-intents").addEventListener("click", () => loadIntents(state.intents + 1).catch(failed));
find("more-examples").addEventListener("click", () => loadExamples(state.examples + 1).catch(failed));
find("q").addEventListener("input", later(() => loadIntents().catch(failed)));
find("search").addEventListener("submit", (event) => event.preventDefault());

function step(by) {
  const all = [...document.querySelectorAll("#intents .choice")];
  const at = all.findIndex((one) => one.dataset.intent === state.intent);
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  if (next) choose(next.dataset.intent).then(() => next.focus());
}

await loadIntents().catch(failed);
const search = new URLSearchParams(location.search);
if (search.get("intent")) await choose(search.get("intent"), page.languages[search.get("language")] ? search.get("language") : state.language);
ready([
  { id: "search", keys: ["/"], text: "training_search", run: () => find("q").focus() },
  { id: "add", keys: ["n"], text: "training_new", run: () => input.focus(), possible: () => Boolean(state.intent) },
  { id: "down", keys: ["j"], text: "key_down", run: () => step(1) },
  { id: "up", keys: ["k"], text: "key_up", run: () => step(-1) },
]);
