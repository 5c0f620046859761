// The live line. The server repeats what was missed from the number of the last event on; a line that is silent is dead.

import { get } from "./api.js";

const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15000];
const SILENT_MS = 40000; // the server beats every 15 s
const FRAMES = ["queue", "gone", "thread", "presence", "duty", "page", "beat", "resync", "end"];

export class Line {
  // `on`: frame(name, data), up(is up)
  constructor(on) {
    this.on = on;
    this.last = null; // 0 is a number too: at the first event of a new desk nothing may be missed
    this.failures = 0;
    this.source = null;
    window.addEventListener("online", () => this.open());
    window.addEventListener("offline", () => this.lost());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.check());
  }

  // Listen from event number `after` on; without it from where we were.
  open(after = this.last) {
    this.close();
    this.last = after;
    const source = new EventSource(`/desk/api/stream${this.last === null ? "" : `?after=${this.last}`}`);
    this.source = source;
    source.addEventListener("open", () => this.heard());
    source.addEventListener("error", () => source === this.source && this.lost());
    for (const name of FRAMES) source.addEventListener(name, (event) => source === this.source && this.frame(name, event));
    this.patience();
  }

  frame(name, event) {
    this.heard();
    if (event.lastEventId) this.last = Math.max(this.last, Number(event.lastEventId));
    this.on.frame(name, event.data ? JSON.parse(event.data) : {});
  }

  heard() {
    if (this.failures) this.on.up(true);
    this.failures = 0;
    this.heardAt = Date.now();
    this.patience();
  }

  patience() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(), SILENT_MS);
  }

  // A computer that slept does not notice that the line is dead.
  check() {
    if (!this.source || Date.now() - this.heardAt > SILENT_MS / 2) this.open();
  }

  lost() {
    this.close();
    this.failures += 1;
    this.on.up(false);
    const pause = PAUSES_MS[Math.min(this.failures - 1, PAUSES_MS.length - 1)];
    this.timer = setTimeout(() => this.again(), pause * (0.75 + Math.random() / 2));
  }

  // A stream that fails does not say why: a plain call does, and one that is locked leads away.
  async again() {
    try {
      await get("me", { auto: true });
    } catch {
      this.lost();
      return;
    }
    this.open();
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.source?.close();
    this.source = null;
  }
}
