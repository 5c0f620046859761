// The list of changes: what waits for me first, the latest first.

import { failed, find, get, make, query, ready, t, table } from "./kit.js";
import { stateBadge, when } from "./changing.js";

const search = new URLSearchParams(location.search);
find("state").value = search.get("state") && t(`changes_show_${search.get("state")}`) ? search.get("state") : "open";
find("mine").checked = search.get("mine") === "yes";
let shown = [];

const columns = [
  { name: t("changes_title"), cell: (one) => [make("a", { class: "target", href: `/studio/changes/${one.id}`, dir: "auto" }, one.title), make("small", {}, t("changes_count", { n: one.count }))] },
  { name: t("changes_kind"), cell: (one) => t(`kind_${one.kind}`) + (one.clinical && one.kind !== "clinical" ? ` · ${t("kind_clinical")}` : "") },
  { name: t("changes_state"), cell: (one) => [stateBadge(one.state), one.review && make("span", { class: "badge soon" }, t("changes_yours")), one.apart && make("span", { class: "badge alarm" }, t("changes_is_apart"))].filter(Boolean) },
  { name: t("changes_author"), cell: (one) => one.author },
  { name: t("changes_when"), cell: (one) => when(one.changed_at) },
];

async function load(before = 0) {
  const wanted = { state: find("state").value, mine: find("mine").checked ? "yes" : "" };
  if (!before) history.replaceState(null, "", `?${query(wanted)}`);
  const found = await get(`changes?${query({ ...wanted, before: before || "" })}`);
  shown = before ? [...shown, ...found.changes] : found.changes;
  find("list").replaceChildren(table(t("room_changes"), columns, shown, { id: (one) => one.id }));
  find("list").removeAttribute("aria-busy");
  find("more").hidden = !found.more;
}

find("which").addEventListener("change", () => load().catch(failed));
find("which").addEventListener("submit", (event) => event.preventDefault());
find("more").addEventListener("click", () => load(shown.at(-1).id).catch(failed));

await load().catch(failed);

function step(by) {
  const links = [...document.querySelectorAll("#list a")];
  links[Math.min(links.length - 1, Math.max(0, links.indexOf(document.activeElement) + by))]?.focus();
}

ready([
  { id: "down", keys: ["j"], text: "key_down", run: () => step(1) },
  { id: "up", keys: ["k"], text: "key_up", run: () => step(-1) },
]);
