// The list of releases: what waits, how far one is that is being built, what can be published and what comes back.

import { button, failed, find, get, isolated, make, may, post, ready, t, table } from "./kit.js";
import { follow, isUnfinished, serve, stateBadge, when } from "./releasing.js";

let found = null;
let following = false;

const link = (one) => make("a", { class: "target", href: `/studio/releases/${one.name}`, dir: "ltr" }, one.name);

const columns = [
  { name: t("releases_name"), cell: (one) => [link(one), one.by_hand ? make("small", { class: "why" }, t("releases_by_hand")) : make("small", { class: "why" }, t("releases_count", { n: one.changes }))] },
  { name: t("releases_state"), cell: (one) => [stateBadge(one.state), one.blocked ? make("small", { class: "why" }, t("releases_blocked_n", { n: one.blocked })) : ""].filter(Boolean) },
  { name: t("releases_when"), cell: (one) => [when(one.published_at ?? one.made_at), make("small", { class: "why" }, one.published_by || one.made_by)] },
  { name: t("releases_acts"), cell: (one) => make("div", { class: "row" }, ...one.can.filter((act) => act !== "try").map((act) => button(t(`releases_${act}`), () => serve(act, one.name, load, found.edited), { class: act === "publish" ? "strong" : "", "data-act": act, "aria-label": `${t(`releases_${act}`)}: ${one.name}` }))) },
];

function show(data) {
  found = data;
  find("edited").hidden = !found.edited.length;
  find("edited").textContent = t("releases_edited", { files: found.edited.join(", ") });
  find("waiting").replaceChildren(table(t("releases_waiting"), [
    { name: t("releases_change"), cell: (one) => make("a", { class: "target", href: `/studio/changes/${one.id}`, dir: "auto" }, one.title) },
    { name: t("releases_kind"), cell: (one) => t(`kind_${one.kind}`) + (one.clinical && one.kind !== "clinical" ? ` · ${t("kind_clinical")}` : "") },
    { name: t("releases_people"), cell: (one) => t("releases_author_and", { author: isolated(one.author), approved: isolated(one.approved_by) }) },
  ], found.waiting, { id: (one) => one.id }));
  find("build").hidden = !(may("publish") && found.waiting.length && !found.building);
  find("list").replaceChildren(table(t("room_releases"), columns, found.releases, { id: (one) => one.name }));
  find("list").removeAttribute("aria-busy");
  const now = found.releases.find(isUnfinished);
  find("now").hidden = !now;
  if (now && !following) watch(now.name);
}

function progress(release) {
  find("progress").value = release.progress;
  find("step").textContent = t(`releases_step_${release.step}`);
}

async function watch(name) {
  following = true;
  await follow(() => get(`releases/${name}`, { auto: true }), progress).catch(failed);
  following = false;
  await load().catch(failed);
}

const load = async () => show(await get("releases"));

async function build() {
  find("build").disabled = true;
  await post("releases").then(load).catch(failed);
  find("build").disabled = false;
}

find("build").addEventListener("click", build);
await load().catch(failed);
ready([{ id: "build", keys: ["b"], text: "releases_build", run: build, possible: () => !find("build").hidden }]);
