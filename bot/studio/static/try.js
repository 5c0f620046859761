// Try it: a sentence in; what is heard and what a patient would read, live and with a candidate, side by side.

import { ask, button, departmentName, failed, find, make, may, page, post, ready, t, toast } from "./kit.js";

const LIVE = "live";
const AGAIN_MS = 700;
let asked = 0;
let seen = {};

async function hear(side, text, language, mine) {
  for (;;) {
    const found = await post("try", { side, text, language });
    if (mine !== asked) return null;
    if (!found.loading) return found;
    await new Promise((resolve) => { setTimeout(resolve, AGAIN_MS); });
  }
}

const percent = (share) => new Intl.NumberFormat(`${page.language}-u-nu-latn`, { style: "percent", maximumFractionDigits: 0 }).format(share);
const yes = (said) => t(said ? "try_yes" : "try_no");

function facts(found) {
  const { heard } = found;
  return {
    alarmed: yes(heard.alarmed),
    level: heard.level + (heard.crisis ? ` · ${t("try_crisis")}` : ""),
    intent: `${heard.intent || "–"} (${percent(heard.confidence)})`,
    margin: percent(Math.max(0, heard.margin)),
    department: found.departments.map((one) => `${departmentName(one.id)} (${one.reason})`).join(" · ") || "–",
    rules: found.rules.map((one) => `${one.id} ${one.level}: ${one.said.join(", ")}`).join(" · ") || "–",
    findings: found.findings.map((one) => `${one.id}: ${t(`try_state_${one.state}`) || one.state} “${one.said}”`).join(" · ") || "–",
    second_reader: found.second_reader ? t(`try_verdict_${found.second_reader.verdict}`) : "–",
    faq: heard.faq || "–",
    intents: found.intents.map((one) => `${one.name} ${percent(one.confidence)}`).join(" · "),
  };
}

function side(name, found, other) {
  const title = name === LIVE ? t("try_live") : t("try_candidate", { name: `\u2068${name}\u2069` });
  const section = (...inside) => make("section", { class: "card", "data-side": name, "aria-label": title }, make("h2", {}, title), ...inside);
  if (!found) return section(make("p", { class: "none" }, t("try_loading")));
  const mine = facts(found);
  const theirs = other ? facts(other) : mine;
  const lines = Object.entries(mine).flatMap(([what, said]) => [make("dt", {}, t(`try_${what}`)), make("dd", { dir: "auto", class: said === theirs[what] ? null : "differs", "data-what": what }, said)]);
  const texts = found.texts.map((text) => make("p", { dir: "auto", lang: find("language").value }, text));
  return section(make("dl", {}, ...lines), make("h3", {}, t("try_texts")), make("div", { class: "reads" }, ...(texts.length ? texts : [make("p", {}, "–")])),
    may("edit_training") ? button(t("try_save"), () => save(name).catch(failed), { "data-save": name }) : null);
}

function show(names) {
  find("sides").replaceChildren(...names.map((name) => side(name, seen[name], seen[names.find((one) => one !== name)])));
}

async function run() {
  const mine = (asked += 1);
  const text = find("text").value.trim();
  const language = find("language").value;
  if (!text) return;
  const names = [LIVE, ...(find("side").value ? [find("side").value] : [])];
  seen = {};
  show(names);
  await Promise.all(names.map(async (name) => {
    const found = await hear(name, text, language, mine);
    if (!found) return;
    seen[name] = { ...found, text, language };
    show(names);
  })).catch(failed);
}

function save(name) {
  const { heard, text, language } = seen[name];
  const likely = { intent: true, alarmed: heard.alarmed, department: Boolean(heard.department), faq: Boolean(heard.faq) };
  const said = (what) => (typeof heard[what] === "boolean" ? yes(heard[what]) : heard[what] || "–");
  const boxes = page.expected.map((what) => make("label", { class: "check" }, make("input", { type: "checkbox", name: "expect", value: what, checked: Boolean(likely[what]) }), `${t(`try_${what}`)}: ${said(what)}`));
  return ask(t("try_save"), {
    text: t("try_save_text"),
    fields: boxes,
    go: t("try_save"),
    run: async ({ expect }) => {
      const done = await post("try/save", { side: name, text, language, expect: [expect ?? []].flat() });
      toast(t("try_saved", { n: done.change }));
      return true;
    },
  });
}

find("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
find("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  find("ask").requestSubmit();
});
ready([{ id: "focus", keys: ["/"], text: "try_text", run: () => find("text").focus() }]);
