// Search in messages, notes and numbers. The words go in the body of the call, so that they stand in no address and no log.

import { post } from "./api.js";
import { announce, button, find, make } from "./dom.js";
import { levelBadge } from "./row.js";
import { has, page, t } from "./texts.js";
import { moment } from "./times.js";

export class Search {
  // `on`: open(id, key), closed()
  constructor(on) {
    this.on = on;
    this.box = find("q");
    this.run = 0;
    find("search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
    });
    this.box.addEventListener("input", () => {
      this.box.dir = this.box.value ? "auto" : page.dir;
      if (!this.box.value) this.close();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Escape" || (event.key === "ArrowDown" && this.isOpen)) event.preventDefault();
      if (event.key === "Escape") this.leave();
      if (event.key === "ArrowDown") find("found").querySelector(".hit")?.focus();
    });
  }

  get isOpen() {
    return !find("found").hidden;
  }

  focus() {
    find("main").dataset.view = "queue";
    this.box.focus();
    this.box.select();
  }

  async search(before = null) {
    const q = this.box.value.trim();
    if (!q) return this.close();
    const run = ++this.run;
    const answer = await post("search", { q, ...(before && { before }) }).catch((failure) => ({ failed: failure.sentence }));
    if (run !== this.run) return;
    if (!before) this.start();
    if (answer.failed) return void find("hits").append(make("li", { class: "problem" }, answer.failed));
    this.show(answer);
  }

  start() {
    const close = button(t("search_close"), () => this.leave(), { class: "quiet" });
    find("found").replaceChildren(make("div", { class: "found-head" }, make("h3", { id: "found-title" }, t("search_results")), close),
      make("ol", { id: "hits", class: "hits", role: "list", "aria-labelledby": "found-title" }), make("div", { id: "found-foot" }));
    find("found").hidden = false;
    find("queue-list").hidden = true;
  }

  show(answer) {
    find("hits").append(...answer.hits.map((hit) => make("li", {}, this.hit(hit))));
    const none = !find("hits").children.length;
    const foot = [none && make("p", { class: "none" }, t("search_none")), !answer.looked_at_all && make("p", { class: "none" }, t("search_partial")),
      answer.more && button(t("search_more"), () => this.search(answer.more), { class: "quiet more" })];
    find("found-foot").replaceChildren(...foot.filter(Boolean));
    announce(none ? t("search_none") : `${t("search_results")}: ${find("hits").children.length}`);
  }

  hit(hit) {
    const kind = { patient: "who_patient", bot: "who_bot", note: "note_tag" }[hit.kind];
    const link = make("a", { class: `hit ${hit.kind}`, href: `/desk?case=${hit.id}` },
      make("span", { class: "row-line" }, make("strong", { class: "number" }, hit.number), hit.row && levelBadge(hit.row), make("time", { datetime: hit.at }, moment(hit.at))),
      make("span", { class: "hit-text", dir: "auto", lang: hit.language }, ...marked(hit)),
      kind && has(kind) && make("small", {}, t(kind)));
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.on.open(hit.id, hit.key);
    });
    return link;
  }

  leave() {
    this.box.value = "";
    this.box.dir = page.dir;
    this.close();
    this.on.closed();
  }

  close() {
    this.run += 1;
    find("found").hidden = true;
    find("found").replaceChildren();
    find("queue-list").hidden = false;
  }
}

// The text around the first find, with every find marked.
function marked({ text, marks }) {
  const places = [...(marks ?? [])].sort((one, other) => one[0] - other[0]);
  const from = Math.max(0, (places[0]?.[0] ?? 0) - 60);
  const to = Math.min(text.length, from + 240);
  const parts = [from ? "…" : ""];
  let at = from;
  for (const [start, end] of places) {
    if (start < at || end > to) continue;
    parts.push(text.slice(at, start), make("mark", {}, text.slice(start, end)));
    at = end;
  }
  parts.push(text.slice(at, to), to < text.length ? "…" : "");
  return parts.filter((part) => part !== "");
}
