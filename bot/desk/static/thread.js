// The conversation of the open case: every item once, in the order of time; newer data with the same key replaces it.

import { find, make } from "./dom.js";
import { dayName } from "./times.js";
import { bubble } from "./bubbles.js";

const NEAR_PX = 140;

export class Thread {
  // `on` has: reveal(key), older()
  constructor(me, on) {
    this.me = me;
    this.on = on;
    this.log = find("log");
    this.scroll = find("thread-scroll");
    this.items = new Map();
    this.elements = new Map();
    this.shown = new Map(); // what was revealed, until the case is left
    find("newest").addEventListener("click", () => this.toEnd());
    find("older").addEventListener("click", () => on.older());
    this.scroll.addEventListener("scroll", () => this.isNear() && (find("newest").hidden = true), { passive: true });
  }

  clear() {
    this.log.replaceChildren();
    this.items.clear();
    this.elements.clear();
    this.shown.clear();
    this.after = this.older = null;
    this.version = 0;
    find("newest").hidden = true;
  }

  // The whole of a case. Announcing it all would bury the page for a screen reader.
  start(thread) {
    this.clear();
    this.log.setAttribute("aria-live", "off");
    this.put(thread);
    this.older = thread.older;
    this.showOlder();
    this.toEnd();
    requestAnimationFrame(() => this.log.setAttribute("aria-live", "polite"));
  }

  // What is new or has changed. Returns the items that were not there before.
  update(thread) {
    const near = this.isNear();
    const fresh = this.put(thread);
    if (near) this.toEnd();
    else if (fresh.some((item) => item.kind !== "event")) find("newest").hidden = false;
    return fresh;
  }

  // Earlier ones, without moving what is being read.
  prepend(thread) {
    const below = this.scroll.scrollHeight - this.scroll.scrollTop;
    const kept = [this.after, this.version];
    this.put(thread);
    [this.after, this.version] = kept;
    this.older = thread.older;
    this.showOlder();
    this.scroll.scrollTop = this.scroll.scrollHeight - below;
  }

  put(thread) {
    const fresh = thread.items.filter((item) => !this.items.has(item.key));
    for (const item of thread.items) this.place(item);
    this.days();
    if (thread.after) this.after = thread.after;
    this.version = Math.max(this.version ?? 0, thread.version ?? 0);
    return fresh;
  }

  place(item) {
    if (item.removes) this.remove(item.removes);
    const before = this.items.get(item.key);
    const shown = this.shown.get(item.key);
    const newer = shown === undefined ? item : { ...item, text: shown, masked: false };
    if (before && JSON.stringify(before) === JSON.stringify(newer)) return;
    this.items.set(item.key, newer);
    const element = bubble(newer, this.me, this.on);
    element.dataset.at = item.at;
    const old = this.elements.get(item.key);
    this.elements.set(item.key, element);
    if (old) old.replaceWith(element);
    else this.insert(element);
  }

  // A reply that was taken back is no more.
  remove(key) {
    this.elements.get(key)?.remove();
    this.elements.delete(key);
    this.items.delete(key);
  }

  insert(element) {
    let later = null;
    for (let one = this.log.lastElementChild; one; one = one.previousElementSibling) {
      if (one.classList.contains("day")) continue;
      if (one.dataset.at <= element.dataset.at) break;
      later = one;
    }
    this.log.insertBefore(element, later);
  }

  days() {
    for (const day of this.log.querySelectorAll(".day")) day.remove();
    let last = "";
    for (const element of [...this.log.children]) {
      const day = dayName(element.dataset.at);
      if (day !== last) element.before(make("p", { class: "day" }, day));
      last = day;
    }
  }

  show(key, text) {
    this.shown.set(key, text);
    const item = this.items.get(key);
    if (item) this.place({ ...item });
  }

  showOlder() {
    find("older").hidden = !this.older;
  }

  isNear() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_PX;
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    find("newest").hidden = true;
  }

  // A hit of the search: into view, and marked for a moment.
  point(key) {
    const element = this.elements.get(key);
    if (!element) return false;
    element.scrollIntoView({ block: "center" });
    element.classList.add("pointed");
    return true;
  }
}
