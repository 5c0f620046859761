// What is being written, for each case and each of the two boxes: kept here while the page is open, and on the server for after.
// Nothing of it is stored in the browser.

import { post } from "./api.js";

const PAUSE_MS = 600;
const LONGEST_MS = 3000; // who writes without a pause loses no more than this
const AGAIN_MS = 5000;

export class Drafts {
  // `on`: state(id, "saved" | "unsaved" | "")
  constructor(on) {
    this.on = on;
    this.texts = new Map(); // "17:reply" -> text
    this.unsaved = new Map(); // "17:reply" -> timer
    this.writes = 0;
    this.since = new Map(); // "17:reply" -> when the first letter was typed that is on no way to the server yet
    window.addEventListener("pagehide", () => this.saveAll());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.saveAll());
  }

  get(id, mode) {
    return this.texts.get(`${id}:${mode}`) ?? "";
  }

  // What the server says is news only when nothing was on its way to it when it was asked, and nothing was written since.
  mark() {
    return this.unsaved.size ? -1 : this.writes;
  }

  isStill(mark) {
    return mark >= 0 && mark === this.mark();
  }

  // What the server has kept; what was written here since then is newer.
  load(id, draft) {
    for (const mode of ["reply", "note"]) {
      const key = `${id}:${mode}`;
      if (!this.unsaved.has(key)) this.texts.set(key, draft?.[mode] ?? "");
    }
  }

  write(id, mode, text) {
    const key = `${id}:${mode}`;
    if (this.get(id, mode) === text) return;
    this.texts.set(key, text);
    this.writes += 1;
    if (!this.since.has(key)) this.since.set(key, Date.now());
    this.later(key, Math.max(0, Math.min(PAUSE_MS, this.since.get(key) + LONGEST_MS - Date.now())));
    this.on.state(id, "unsaved");
  }

  // It was sent or saved: the server forgets the draft with it.
  clear(id, mode) {
    const key = `${id}:${mode}`;
    clearTimeout(this.unsaved.get(key));
    this.unsaved.delete(key);
    this.since.delete(key);
    this.texts.delete(key);
    this.writes += 1;
    this.on.state(id, "");
  }

  later(key, wait) {
    clearTimeout(this.unsaved.get(key));
    this.unsaved.set(key, setTimeout(() => this.save(key), wait));
  }

  async save(key, how = {}) {
    const [id, mode] = key.split(":");
    const text = this.texts.get(key) ?? "";
    clearTimeout(this.unsaved.get(key));
    this.since.delete(key);
    try {
      await post(`cases/${id}/draft`, { mode, text }, { auto: true, ...how });
    } catch (failure) {
      const again = [0, 401, 423, 503].includes(failure.status) && this.unsaved.has(key);
      if (again) this.later(key, AGAIN_MS);
      return;
    }
    const now = this.texts.get(key) ?? "";
    // Sent while this was on its way, and perhaps overtaken by it: then it would stand there to be sent once more.
    if (!this.unsaved.has(key) && now !== text) post(`cases/${id}/draft`, { mode, text: now }, { auto: true }).catch(() => {});
    if (!this.unsaved.has(key) || now !== text) return;
    this.unsaved.delete(key);
    this.on.state(Number(id), text ? "saved" : "");
  }

  saveAll() {
    for (const key of [...this.unsaved.keys()]) this.save(key, { last: true });
  }
}
