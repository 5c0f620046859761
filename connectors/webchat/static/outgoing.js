// The person's messages on their way: one at a time, in order, kept until the gateway has stored them.

import { Failure, newId, send } from "./api.js";
import { session } from "./storage.js";

const KEY = "daozhen.outgoing";
const PAUSES_S = [1, 2, 4, 8, 15, 30];

export class Outgoing {
  // `on` has: state(message, state, sentence), stored(message)
  constructor(on) {
    this.on = on;
    this.waiting = read();
    this.failures = 0;
    this.busy = false;
    this.timer = null;
  }

  add(message) {
    const added = { ...message, id: newId() };
    this.waiting.push(added);
    this.keep();
    return added;
  }

  // Send what waits, now. Also the answer to "tap to try again".
  async run() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    while (this.waiting.length) {
      const message = this.waiting[0];
      this.on.state(message, "sending");
      try {
        await send(message);
      } catch (failure) {
        if (!this.failed(message, failure)) break;
        continue;
      }
      this.failures = 0;
      this.drop(message);
      this.on.stored(message);
    }
    this.busy = false;
  }

  // Returns whether to go on with the next message.
  failed(message, failure) {
    if (!(failure instanceof Failure)) throw failure;
    // A fault of ours on this one message must not keep the next ones back: one of them may be an emergency.
    message.faults = (message.faults ?? 0) + (failure.status === 500);
    if (failure.final || message.faults > 2) {
      this.drop(message);
      this.on.state(message, "refused", failure.sentence);
      return true;
    }
    for (const later of this.waiting) this.on.state(later, "failed", later === message ? failure.sentence : "");
    const pause = Math.max(failure.wait, PAUSES_S[Math.min(this.failures++, PAUSES_S.length - 1)]);
    this.timer = setTimeout(() => this.run(), pause * 1000);
    return false;
  }

  drop(message) {
    this.waiting = this.waiting.filter((other) => other.id !== message.id);
    this.keep();
  }

  clear() {
    clearTimeout(this.timer);
    this.waiting = [];
    this.keep();
  }

  keep() {
    if (this.waiting.length) session.set(KEY, JSON.stringify(this.waiting));
    else session.remove(KEY);
  }
}

function read() {
  try {
    return JSON.parse(session.get(KEY) ?? "[]");
  } catch {
    return [];
  }
}
