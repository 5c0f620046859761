// One release: whether the gate lets it through and why not, sentence by sentence; what gets better and worse; what is in it.

import { button, departmentName, failed, find, get, isolated, languageName, make, page, ready, t, table } from "./kit.js";
import { follow, isUnfinished, serve, stateBadge, when } from "./releasing.js";

let release = null;
const PARTS = ["lost", "unmet", "missed", "alarmed", "changed"];

const words = (one) => make("q", { dir: page.directions[one.language] ?? "auto", lang: one.language }, one.text || t("releases_words_gone"));

function value(what, said) {
  if (said === true || said === false) return t(said ? "releases_yes" : "releases_no");
  if (said === "" || said === null || said === undefined) return "–";
  return what === "department" ? departmentName(said) : String(said);
}

const change = (one) => make("span", {}, `${t(`releases_what_${one.what}`)}: `, make("del", {}, value(one.what, one.before)), " → ", make("ins", {}, value(one.what, one.after)));
const missing = (one) => make("span", {}, t("releases_wanted", { what: t(`releases_what_${one.what}`), wanted: value(one.what, one.wanted), after: value(one.what, one.after) }));

function part(name) {
  const some = release[name];
  if (!some.length) return null;
  const lines = some.map((one) => make("li", { "data-id": one.id }, words(one),
    make("span", { class: "said" }, make("span", { lang: one.language }, languageName(one.language)), ...(name === "unmet" ? one.unmet.map(missing) : one.changed.map(change)))));
  return make("section", { class: name === "lost" || name === "unmet" ? "card closed" : "card", "aria-label": t(`releases_part_${name}`) },
    make("h2", {}, t(`releases_part_${name}`), make("span", { class: "badge" }, String(some.length + release.more[name]))),
    make("p", { class: "small" }, t(`releases_part_${name}_text`)),
    make("ul", { class: "sentences", role: "list" }, ...lines),
    release.more[name] ? make("p", { class: "small" }, t("releases_more", { n: release.more[name] })) : null);
}

function shares() {
  if (!release.shares.length) return null;
  const columns = [
    { name: t("releases_what_intent"), cell: (one) => one.intent || t("releases_all") },
    { name: t("shared_language"), cell: (one) => (one.language ? languageName(one.language) : t("releases_all")) },
    { name: t("releases_before"), cell: (one) => (one.before === null ? "–" : t("releases_of", { n: one.before, all: one.count })) },
    { name: t("releases_after"), cell: (one) => make("span", { class: one.before !== null && one.after < one.before ? "badge soon" : "" }, t("releases_of", { n: one.after, all: one.count })) },
  ];
  return make("section", { class: "card", "aria-label": t("releases_shares") }, make("h2", {}, t("releases_shares")), make("p", { class: "small" }, t("releases_shares_text")), table(t("releases_shares"), columns, release.shares));
}

const quoted = (values) => Object.fromEntries(Object.entries(values).map(([name, said]) => [name, isolated(said)]));

function verdict() {
  const closed = release.blocked_because.length > 0;
  find("verdict").className = closed || release.state === "failed" ? "card closed" : "card open";
  const asked = Object.values(release.counts).reduce((sum, one) => sum + one, 0);
  if (isUnfinished(release)) return [t("releases_state_building")];
  if (release.by_hand) return [t("releases_by_hand_text")];
  if (release.state === "failed") return [t("releases_failed")];
  if (!closed) return [make("h2", {}, t("releases_passed")), make("p", {}, t("releases_asked", { n: asked, seconds: release.seconds }))];
  const because = (one) => make("li", {}, t(`releases_blocked_${one.key}`, { ...quoted(one.values), language: languageName(one.values.language) }),
    one.key === "conflict" && make("a", { class: "target", href: `/studio/changes/${one.values.change}` }, t("releases_look_change", { n: one.values.change })));
  return [make("h2", {}, t("releases_refused")), make("ul", {}, ...release.blocked_because.map(because))];
}

function show(data) {
  release = data;
  find("badges").replaceChildren(stateBadge(release.state));
  find("by").replaceChildren(t("releases_made", { who: isolated(release.made_by) }), " ", when(release.made_at), release.published_at ? " · " : "", release.published_at ? t("releases_published", { who: isolated(release.published_by) }) : "", " ", release.published_at ? when(release.published_at) : "");
  find("now").hidden = !isUnfinished(release);
  find("progress").value = release.progress;
  find("step").textContent = t(`releases_step_${release.step}`);
  const acts = release.can.map((act) => (act === "try" ? make("a", { class: "button", href: `/studio/try?release=${release.name}` }, t("releases_try")) : button(t(`releases_${act}`), () => serve(act, release.name, load), { class: act === "publish" ? "strong" : "", "data-act": act })));
  find("acts").replaceChildren(...acts);
  find("verdict").replaceChildren(...verdict());
  find("parts").replaceChildren(...[...PARTS.map(part), shares()].filter(Boolean));
  find("told").hidden = !release.told.length;
  find("changes").replaceChildren(...release.told.map((one) => make("li", {}, make("a", { class: "target", href: `/studio/changes/${one.id}`, dir: "auto" }, one.title), make("span", { class: "small" }, ` ${t("releases_author_and", { author: isolated(one.author), approved: isolated(one.approved_by) })} `), one.reason ? make("q", { dir: "auto" }, one.reason) : null)));
}

const look = () => get(`releases/${page.release}`, { auto: true });
const load = async () => show(await look());
follow(look, show).catch(failed);
ready([
  { id: "publish", keys: ["p"], text: "releases_publish", run: () => serve("publish", release.name, load), possible: () => Boolean(release?.can.includes("publish")) },
  { id: "back", keys: ["z"], text: "releases_back", run: () => serve("back", release.name, load), possible: () => Boolean(release?.can.includes("back")) },
]);
