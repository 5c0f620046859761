// What the pages of changes, training data and texts share: states, times, edits as people read them, the draft at hand.

import { find, isolated, languageName, make, page, t } from "./kit.js";

const LOOKS = { draft: "calm", review: "soon", approved: "good", refused: "alarm", withdrawn: "calm", published: "good" };

export const stateBadge = (state) => make("span", { class: `badge ${LOOKS[state] ?? "calm"}` }, t(`changes_state_${state}`));

const times = new Intl.DateTimeFormat(`${page.language}-u-nu-latn`, { dateStyle: "medium", timeStyle: "short" });

export const when = (iso) => make("time", { datetime: iso }, times.format(new Date(iso)));

export const words = (tag, text, language, attributes = {}) => make(tag, { dir: page.directions[language] ?? "auto", lang: language || null, ...attributes }, text);

// One edit: what it is, and the words before and after.
export function edit(line) {
  const tongue = line.language ? make("span", { class: "badge calm", lang: line.language }, languageName(line.language)) : null;
  const title = make("p", { class: "edit-head" }, t(`changes_line_${line.kind}`, line), tongue);
  if ("text" in line) return make("div", {}, title, words(line.kind === "remove_example" ? "del" : "ins", line.text, line.language));
  const where = make("small", { dir: "ltr" }, `${line.file} › ${line.path}`);
  return make("div", {}, title,
    line.before && words("del", line.before, line.language, { class: "lines" }),
    line.after && words("ins", line.after, line.language, { class: "lines" }), where);
}

// The bar that says what is in the draft at hand. `draft`: { id, title, count } or null.
export function showDraft(draft) {
  const bar = find("draft");
  bar.hidden = !draft?.count;
  if (!draft?.count) return;
  bar.replaceChildren(make("span", { dir: "auto" }, t("shared_draft", { title: draft.title, n: draft.count })), make("a", { class: "button strong", href: `/studio/changes/${draft.id}` }, t("shared_draft_look")));
}

// Who else has a change at this place that is not live yet. `others`: [{ id, author, state }].
export function showOthers(others) {
  find("others").replaceChildren(...others.map((one) => make("p", { class: "hint" }, t("shared_also_changed", { author: isolated(one.author) }), " ", make("a", { class: "target", href: `/studio/changes/${one.id}` }, t("shared_also_look", { number: one.id })))));
}

// Findings of a check below a field: the first that is wrong, else all that are worth a look.
export function showFindings(field, findings) {
  const wrong = findings.filter((one) => one.kind === "wrong");
  const some = wrong.length ? wrong : findings;
  field.say(some.map((one) => t(`shared_check_${one.key}`, one.values)).join(" "), wrong.length ? "wrong" : "mind");
  return !wrong.length;
}
