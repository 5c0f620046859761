// The line to the gateway: what was missed is fetched by number, then the stream goes on; both may bring a message twice.

import { messagesAfter } from "./api.js";

const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15000];
const SILENT_MS = 40000; // the gateway beats every 15 s

export class Line {
  // `on` has: message(message), own(words), typing(on), up(is up)
  constructor(on) {
    this.on = on;
    this.resume = 0;
    this.failures = 0;
    this.source = null;
    this.timer = null;
    this.run = 0; // of an old run nothing is heard any more
    window.addEventListener("online", () => this.open());
    window.addEventListener("offline", () => this.lost());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.check());
  }

  // Catch up, then listen. Without a conversation there is nothing to listen to yet.
  async open() {
    this.close();
    const run = ++this.run;
    try {
      const exists = await this.catchUp(run);
      if (run !== this.run) return;
      this.on.up(true);
      this.failures = 0;
      if (exists) this.listen(run);
    } catch {
      if (run === this.run) this.lost();
    }
  }

  async catchUp(run) {
    for (;;) {
      const answer = await messagesAfter(this.resume);
      if (run !== this.run) return false;
      this.on.history(answer.own, answer.messages);
      for (const message of answer.messages) this.resume = Math.max(this.resume, message.resume);
      if (!answer.more) return answer.conversation;
    }
  }

  listen(run) {
    const source = new EventSource(`/chat/api/stream?after=${this.resume}`);
    this.source = source;
    source.addEventListener("message", (event) => {
      this.heard();
      const message = JSON.parse(event.data);
      this.resume = Math.max(this.resume, message.resume);
      this.on.message(message);
    });
    source.addEventListener("typing", (event) => {
      this.heard();
      this.on.typing(event.data === "true");
    });
    source.addEventListener("beat", () => this.heard());
    source.addEventListener("error", () => run === this.run && this.lost());
    this.heard();
  }

  get isOpen() {
    return this.source !== null;
  }

  heard() {
    this.heardAt = Date.now();
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(), SILENT_MS);
  }

  // A phone that slept does not notice that the line is dead.
  check() {
    if (this.isOpen && Date.now() - this.heardAt > SILENT_MS / 2) this.open();
  }

  lost() {
    this.close();
    this.on.typing(false);
    this.failures += 1;
    // A server that restarts is back within a second: no need to frighten anybody.
    if (this.failures > 1 || !navigator.onLine) this.on.up(false);
    const pause = PAUSES_MS[Math.min(this.failures - 1, PAUSES_MS.length - 1)];
    this.timer = setTimeout(() => this.open(), pause * (0.75 + Math.random() / 2));
  }

  close() {
    this.run += 1;
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.source?.close();
    this.source = null;
  }

  restart() {
    this.close();
    this.resume = 0;
    this.failures = 0;
  }
}
