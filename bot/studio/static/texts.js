// What the assistant says: five languages side by side, checked while one types, and shown as each platform will show it.

import { dropTyped, failed, field, find, get, keepTyped, later, make, page, post, query, ready, sayTyped, t, toast, typedBefore } from "./kit.js";
import { showDraft, showFindings, showOthers, words } from "./changing.js";

const state = { id: null, page: 0, live: {}, shown: {}, previews: {} };
const tongues = Object.keys(page.languages);
const boxes = {};

for (const language of tongues) {
  const area = make("textarea", { name: language, id: `text-${language}`, lang: language, dir: page.directions[language], rows: 6, maxlength: 3000, spellcheck: true });
  boxes[language] = field(page.languages[language], area);
  boxes[language].area = area;
  area.addEventListener("input", () => {
    keepTyped(state.id, Object.fromEntries(Object.entries(typed()).filter(([code, text]) => text !== (state.shown[code] ?? ""))));
    check();
  });
}
find("fields").append(...tongues.map((language) => boxes[language]));
find("tongue").value = page.language;

const typed = () => Object.fromEntries(tongues.map((language) => [language, boxes[language].area.value]));

async function load(from = 0) {
  state.page = from;
  const found = await get(`texts?${query({ q: find("q").value, file: find("file").value, page: from || "" })}`);
  if (!from) find("list").replaceChildren();
  find("list").append(...found.texts.map(choice));
  find("total").textContent = t("texts_total", { n: found.total });
  find("more").hidden = !found.more;
  if (find("file").length === 1) find("file").append(...found.files.map((value) => make("option", { value }, value)));
  showDraft(found.draft);
  mark();
}

function choice(one) {
  const inside = [make("span", { lang: page.language, dir: page.dir }, one.excerpt), make("small", { dir: "ltr" }, one.key), one.edited && make("span", { class: "badge good" }, t("texts_edited"))];
  return make("li", {}, button(inside.filter(Boolean), () => open(one.id).catch(failed), { class: "choice", "data-id": one.id }));
}

function button(inside, run, attributes) {
  const element = make("button", { type: "button", ...attributes }, ...inside);
  element.addEventListener("click", run);
  return element;
}

function mark() {
  for (const one of document.querySelectorAll("[data-id]")) one.setAttribute("aria-current", String(one.dataset.id === state.id));
}

async function open(id) {
  const found = await get(`texts/one?${query({ id })}`);
  const before = typedBefore(id);
  Object.assign(state, { id, live: found.live, shown: found.texts });
  history.replaceState(null, "", `?${query({ id })}`);
  find("text-title").textContent = found.key;
  find("slots").hidden = !found.slots.length;
  find("slots").textContent = t("texts_slots", { slots: found.slots.map((slot) => `{${slot}}`).join(", ") });
  showOthers(found.others);
  for (const language of tongues) boxes[language].area.value = before?.[language] ?? found.texts[language] ?? "";
  find("editor").hidden = false;
  look(found);
  if (before) {
    sayTyped(id, () => open(id).catch(failed));
    check();
  }
  mark();
  find("text").focus({ preventScroll: matchMedia("(min-width: 52rem)").matches });
}

function look(found) {
  for (const language of tongues) {
    const changed = boxes[language].area.value.trim() !== (state.live[language] ?? "");
    boxes[language].dataset.changed = changed ? "yes" : "";
    showFindings(boxes[language], found.findings[language] ?? []);
  }
  state.previews = found.previews;
  find("looks").hidden = !Object.keys(found.previews).length;
  preview();
}

function preview() {
  const language = find("tongue").value;
  find("previews").replaceChildren(...(state.previews[language] ?? []).map((one) => make("figure", { class: `preview ${one.platform}` },
    make("figcaption", {}, t(`texts_on_${one.platform}`)),
    words("p", one.text, language, { class: "bubble" }),
    one.lines.length > 0 && words("p", one.lines.join("\n"), language, { class: "bubble" }),
    one.buttons.length > 0 && make("p", { class: "row" }, ...one.buttons.map((label) => words("span", label, language, { class: "badge calm" }))),
    make("small", { class: one.messages > 1 ? "finding" : "", "data-kind": one.messages > 1 ? "mind" : null }, t(`texts_length_${one.unit}`, { n: one.count, most: one.limit }), one.messages > 1 ? ` ${t("texts_messages", { n: one.messages })}` : ""))));
}

const check = later(async () => {
  const [id, texts] = [state.id, typed()];
  const found = await post("texts/check", { id, texts }).catch(failed);
  if (found && id === state.id) look(found);
});

find("editor").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const done = await post("texts/keep", { id: state.id, texts: typed(), live: state.live });
    if (!done.kept) {
      look(done);
      document.querySelector("#fields [aria-invalid]")?.focus();
      return;
    }
    toast(t("texts_kept"));
    dropTyped(state.id);
    state.shown = typed();
    await load();
    showDraft(done.draft);
  } catch (failure) {
    failed(failure);
    // Somebody wrote the same meanwhile: what was typed stands over it, to be looked at once more.
    if (failure.error === "changed") await open(state.id).catch(failed);
  }
});

find("revert").addEventListener("click", () => {
  for (const language of tongues) boxes[language].area.value = state.live[language] ?? "";
  dropTyped(state.id);
  check();
});
find("tongue").addEventListener("change", preview);
find("more").addEventListener("click", () => load(state.page + 1).catch(failed));
find("q").addEventListener("input", later(() => load().catch(failed)));
find("file").addEventListener("change", () => load().catch(failed));
find("search").addEventListener("submit", (event) => event.preventDefault());

function step(by) {
  const all = [...document.querySelectorAll("#list .choice")];
  const at = all.findIndex((one) => one.dataset.id === state.id);
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  if (next) open(next.dataset.id).then(() => next.focus(), failed);
}

await load().catch(failed);
const search = new URLSearchParams(location.search);
if (search.get("id")) await open(search.get("id")).catch(failed);
ready([
  { id: "search", keys: ["/"], text: "texts_search", run: () => find("q").focus() },
  { id: "edit", keys: ["e"], text: "texts_edit", run: () => boxes[page.language].area.focus(), possible: () => Boolean(state.id) },
  { id: "down", keys: ["j"], text: "key_down", run: () => step(1) },
  { id: "up", keys: ["k"], text: "key_up", run: () => step(-1) },
]);
