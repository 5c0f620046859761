// One change: read word by word, then decided. What was read is what is decided about: each call says the edition.

import { ask, button, diffOf, diffView, failed, field, find, get, isolated, make, page, post, ready, t, toast } from "./kit.js";
import { edit, stateBadge, when } from "./changing.js";
import { decided, settling } from "./settling.js";

let change = null;

const call = async (act, more = {}) => {
  show(await post(`changes/${change.id}/${act}`, { edition: change.edition, ...more }));
  toast(t(`changes_done_${act}`));
  return true;
};

const reason = (required) => field(t("shared_reason"), make("textarea", { name: "reason", rows: 3, maxlength: 300, required, dir: "auto" }), t("shared_reason_hint"));

const ACTS = {
  submit: () => ask(t("changes_submit"), { text: t("changes_submit_text"), go: t("changes_submit"), run: () => call("submit") }),
  reopen: () => ask(t("changes_reopen"), { text: t(change.state === "withdrawn" ? "changes_again_text" : "changes_reopen_text"), go: t("changes_reopen"), run: () => call("reopen") }),
  approve: () => ask(t("changes_approve"), { text: t("changes_approve_text"), fields: [reason(false)], go: t("changes_approve"), run: (typed) => call("approve", typed) }),
  refuse: () => ask(t("changes_refuse"), { text: t("changes_refuse_text"), fields: [reason(true)], go: t("changes_refuse"), run: (typed) => call("refuse", typed) }),
  rename: () => ask(t("changes_rename"), { fields: [field(t("changes_title"), make("input", { name: "title", value: change.title, maxlength: 120, required: true, dir: "auto" }))], go: t("shared_save"), run: (typed) => call("rename", typed) }),
  withdraw: () => ask(t("changes_withdraw"), { text: t("changes_withdraw_text"), fields: [reason(change.author !== page.me)], go: t("changes_withdraw"), danger: true, run: (typed) => call("withdraw", typed) }),
};
const LOOKS = { submit: "strong", approve: "strong", reopen: "strong" };

function show(found) {
  change = found;
  find("title").textContent = change.title;
  find("badges").replaceChildren(stateBadge(change.state), make("span", { class: "badge calm" }, t(`kind_${change.kind}`)), ...(change.clinical && change.kind !== "clinical" ? [make("span", { class: "badge soon" }, t("kind_clinical"))] : []));
  find("by").textContent = t("changes_by", { number: change.id, author: change.author });
  find("about").hidden = !change.about;
  find("about").textContent = change.about;
  find("waits").hidden = !change.waits_for;
  find("waits").replaceChildren(...waits());
  const places = change.state === "review" ? change.events.reduce((sum, one) => sum + one.decided.length, 0) : 0;
  find("was-settled").hidden = !places;
  find("was-settled").replaceChildren(t("changes_was_settled", { n: places }), " ", make("a", { class: "target", href: "#events-title" }, t("changes_history")));
  find("acts").replaceChildren(...change.can.filter((act) => act in ACTS).map((act) => button(t(`changes_${act}`), ACTS[act], { class: LOOKS[act] ?? "quiet", "data-act": act })));
  settling(change, show);
  find("edits").replaceChildren(edits(), ...(change.more ? [make("p", { class: "small" }, t("changes_more_edits", { n: change.more }))] : []));
  find("events").replaceChildren(...change.events.map((one) => make("li", {}, make("span", {}, when(one.at), ` ${one.who}: ${t(`changes_event_${one.what}`)}`), one.reason && make("q", { dir: "auto" }, one.reason), decided(one))));
  find("files").hidden = !change.diffs.length;
  find("diffs").replaceChildren(...change.diffs.map(file));
}

// For whom it waits, and who can end that.
function waits() {
  if (!change.waits_for) return [];
  const why = make("p", {}, t(`changes_waits_${change.waits_for}`, { author: isolated(change.author) }));
  if (change.waits_for === "author") return [why];
  const who = change.deciders.length ? t("changes_deciders", { names: change.deciders.map(isolated).join(", ") }) : t(change.clinical ? "changes_no_clinical" : "changes_no_decider");
  return [why, make("p", { id: "deciders", class: change.deciders.length ? "" : "problem" }, who)];
}

function edits() {
  if (!change.lines.length) return make("p", { class: "none" }, t("changes_empty"));
  return make("ol", { class: "edits", role: "list" }, ...change.lines.map((line) => make("li", {}, edit(line),
    change.can.includes("drop") && button(t("changes_drop"), () => call("drop", { place: line.place }).catch(failed), { class: "quiet", "data-place": line.place }))));
}

function file(one) {
  const title = make("h3", { dir: "ltr" }, one.file);
  if (one.problem) return make("section", { class: "conflict", role: "alert" }, title, make("p", { class: "problem" }, t("changes_odd")), make("small", { dir: "ltr", lang: "en" }, one.problem));
  if (one.conflict) {
    return make("section", { class: "conflict", role: "alert" }, title, make("p", { class: "problem" }, t("changes_conflict", one.conflict)),
      make("dl", {}, make("dt", {}, t("changes_expected")), make("dd", { dir: "auto" }, one.conflict.expected || t("changes_nothing")), make("dt", {}, t("changes_found")), make("dd", { dir: "auto" }, one.conflict.found || t("changes_nothing"))));
  }
  return make("section", {}, title, diffView(one.file, diffOf(one.unified)), one.more ? make("p", { class: "small" }, t("changes_more_lines", { n: one.more })) : null);
}

const pressing = (act) => ({ id: act, text: `changes_${act}`, run: ACTS[act], possible: () => Boolean(change?.can.includes(act)) });

await get(`changes/${page.change}`).then(show).catch(failed);
ready([{ ...pressing("submit"), keys: ["s"] }, { ...pressing("approve"), keys: ["a"] }, { ...pressing("refuse"), keys: ["r"] }]);
