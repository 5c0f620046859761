// The queue. The server sorts it; between two looks changes are put in by the same order, so that nobody waits for the next look.

import { get, query } from "./api.js";
import { announce, find, make, options, said } from "./dom.js";
import { fillRow, isAsleep } from "./row.js";
import { listed, page, t } from "./texts.js";
import { setNow } from "./times.js";

export const TABS = ["unclaimed", "mine", "snoozed", "all", "closed"];
const LOOK_AGAIN_MS = 8000; // counts, and what only the server knows: at most this often
const FAILED_AGAIN_MS = 3000;

export class Queue {
  // `on`: open(id), filters(values), resume(number)
  constructor(me, on) {
    this.me = me;
    this.on = on;
    this.rows = new Map();
    this.links = new Map();
    this.chosen = null; // where j and k are
    this.opened = null; // what is open beside
    this.more = null;
    this.run = 0;
    this.isRead = false; // until then nobody may be told that nothing waits
    const kept = me.preferences.queue ?? {};
    this.tab = TABS.includes(kept.tab) ? kept.tab : "unclaimed";
    this.team = me.teams.includes(kept.team) ? kept.team : "";
    this.language = page.languages[kept.language] ? kept.language : "";
    this.list = find("rows");
    this.setUp();
  }

  setUp() {
    find("tabs").replaceChildren(...TABS.map((tab) => this.tabButton(tab)));
    options(find("filter-team"), [["", t("all_teams")], ...this.me.teams.map((id) => [id, page.teams[id] ?? id])], this.team);
    options(find("filter-language"), [["", t("all_languages")], ...Object.entries(page.languages)], this.language);
    find("filter-team").parentElement.hidden = this.me.teams.length < 2;
    find("filter-team").addEventListener("change", (event) => this.show({ team: event.target.value }));
    find("filter-language").addEventListener("change", (event) => this.show({ language: event.target.value }));
    find("more-rows").addEventListener("click", () => this.loadMore());
    this.list.addEventListener("click", (event) => this.clicked(event));
    this.list.addEventListener("focusin", (event) => (this.chosen = Number(event.target.closest("[data-id]")?.dataset.id) || this.chosen));
  }

  tabButton(tab) {
    const button = make("button", { type: "button", class: "tab", "data-tab": tab, "aria-pressed": String(tab === this.tab) }, t(`tab_${tab}`));
    button.addEventListener("click", () => this.show({ tab }));
    return button;
  }

  clicked(event) {
    const link = event.target.closest("[data-id]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.on.open(Number(link.dataset.id));
  }

  show(values) {
    Object.assign(this, values);
    for (const button of find("tabs").children) button.setAttribute("aria-pressed", String(button.dataset.tab === this.tab));
    this.on.filters({ tab: this.tab, team: this.team, language: this.language });
    this.rows.clear();
    this.isRead = false;
    return this.load();
  }

  ask(after) {
    return get(`queue?${query({ tab: this.tab, team: this.team, language: this.language, after })}`, { auto: true });
  }

  // Read the queue from its beginning. Returns whether it was read.
  async load() {
    const run = ++this.run;
    clearTimeout(this.again);
    this.again = null;
    const answer = await this.ask().catch(() => null);
    if (run !== this.run) return false;
    if (!answer) return this.lookSoon(FAILED_AGAIN_MS * (0.75 + Math.random() / 2)), false;
    setNow(answer.now);
    this.isRead = true;
    this.lookedAt = Date.now();
    this.rows = new Map(answer.rows.map((row) => [row.id, row]));
    this.more = answer.more;
    this.showCounts(answer.counts);
    this.showDuty(answer.on_duty);
    this.render();
    this.on.resume(answer.resume);
    return true;
  }

  async loadMore() {
    const answer = await this.ask(this.more).catch(() => null);
    if (!answer) return;
    for (const row of answer.rows) this.rows.set(row.id, row);
    this.more = answer.more;
    this.render();
  }

  // A change of one case: at once here, and a look at all a little later.
  put(row) {
    const known = this.rows.get(row.id);
    if (known && known.version > row.version) return;
    const isNew = !known && this.belongs(row);
    if (this.belongs(row)) this.rows.set(row.id, row);
    else this.rows.delete(row.id);
    this.render();
    if (isNew && this.tab === "unclaimed") announce(`${row.number} · ${t(`level_${row.level}`)}`);
    this.lookSoon();
  }

  remove(id) {
    this.rows.delete(id);
    this.render();
    this.lookSoon();
  }

  setPresence(id, presence) {
    const row = this.rows.get(id);
    if (!row) return;
    this.rows.set(id, { ...row, presence });
    this.render();
  }

  // `wait`: what the nurse did is to be counted at once.
  lookSoon(wait = Math.max(1000, LOOK_AGAIN_MS - (Date.now() - (this.lookedAt ?? 0))) * (0.75 + Math.random() / 2)) {
    if (this.again && this.againAt <= Date.now() + wait) return;
    clearTimeout(this.again);
    this.againAt = Date.now() + wait;
    this.again = setTimeout(() => this.load(), wait);
  }

  belongs(row) {
    if ((this.team && row.team !== this.team) || (this.language && row.language !== this.language)) return false;
    if (this.tab === "closed" || row.state === "closed") return this.tab === "closed" && row.state === "closed";
    const asleep = isAsleep(row);
    if (row.blocked && row.risk > 1) return this.rows.has(row.id);
    if (this.tab === "snoozed" || asleep) return this.tab === "snoozed" && asleep;
    if (this.tab === "mine") return row.mine || row.assigned_to?.handle === this.me.handle;
    return this.tab === "all" || row.state === "waiting";
  }

  // The same order as the server's: the most urgent, then what came back, then who waits longest.
  ordered() {
    const rows = [...this.rows.values()];
    if (this.tab === "closed") return rows.sort((one, other) => (other.closed_at ?? "").localeCompare(one.closed_at ?? "") || other.id - one.id);
    const key = (row) => {
      const woken = Boolean(row.snoozed_until) && !isAsleep(row);
      const from = woken ? row.snoozed_until : row.waiting_since ?? row.opened_at;
      return [row.risk, woken ? 0 : row.waiting_since ? 1 : 2, Date.parse(from), row.id];
    };
    const keys = new Map(rows.map((row) => [row, key(row)]));
    return rows.sort((one, other) => {
      const [mine, theirs] = [keys.get(one), keys.get(other)];
      const place = mine.findIndex((value, index) => value !== theirs[index]);
      return place < 0 ? 0 : mine[place] - theirs[place];
    });
  }

  render() {
    const focused = document.activeElement?.closest?.("#rows [data-id]")?.dataset.id;
    const rows = this.ordered();
    rows.forEach((row, index) => {
      const item = this.item(row);
      if (this.list.children[index] !== item) this.list.insertBefore(item, this.list.children[index] ?? null);
    });
    while (this.list.children.length > rows.length) this.list.lastChild.remove();
    for (const [id, link] of this.links) if (!link.isConnected) this.links.delete(id);
    if (focused && !document.activeElement?.closest("#rows")) this.links.get(Number(focused))?.focus({ preventScroll: true });
    find("more-rows").hidden = !this.more;
    this.showEmpty(rows.length === 0);
  }

  item(row) {
    let link = this.links.get(row.id);
    if (!link) {
      link = make("a", { href: `/desk?case=${row.id}`, "data-id": row.id });
      this.links.set(row.id, link);
      make("li", {}, link);
    }
    const face = JSON.stringify(row);
    if (link.face !== face) fillRow(link, row, this.me.handle);
    link.face = face;
    if (row.id === this.opened) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    return link.parentElement;
  }

  showCounts(counts) {
    this.counts = counts;
    for (const button of find("tabs").children) {
      const count = counts[button.dataset.tab];
      button.replaceChildren(make("span", {}, t(`tab_${button.dataset.tab}`)), count ? make("span", { class: "count" }, `${count}`) : "");
    }
  }

  showDuty(people) {
    const names = people.map((one) => (one.duty === "break" ? t("on_break", { name: one.name }) : one.name));
    this.duty = names.length ? t("on_duty", { names: listed(names) }) : t("on_duty_nobody");
    find("on-duty").textContent = this.duty;
    this.showEmpty(this.rows.size === 0);
  }

  showEmpty(hasNone) {
    const isEmpty = hasNone && this.isRead;
    const key = this.team || this.language ? "empty_filtered" : `empty_${this.tab}`;
    find("empty").hidden = !isEmpty;
    find("empty").replaceChildren(said("strong", key), make("p", {}, this.duty ?? ""));
    find("on-duty").hidden = isEmpty;
  }

  setOpened(id) {
    this.opened = id;
    this.chosen = id ?? this.chosen;
    this.render();
  }

  // One case up or down; returns nothing, the focus says where.
  move(step) {
    const links = [...this.list.querySelectorAll("[data-id]")];
    if (!links.length) return;
    const here = links.findIndex((link) => Number(link.dataset.id) === this.chosen);
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, here + step));
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
  }

  openChosen() {
    const chosen = this.rows.has(this.chosen) ? this.chosen : this.ordered()[0]?.id;
    if (chosen) this.on.open(chosen);
  }

  // What comes after this case, for when it is closed.
  after(id) {
    const ids = this.ordered().map((row) => row.id);
    const here = ids.indexOf(id);
    return ids[here + 1] ?? ids.find((other) => other !== id) ?? null;
  }

  focus() {
    (this.links.get(this.chosen) ?? this.list.querySelector("[data-id]") ?? find("tabs").firstChild)?.focus();
  }
}
