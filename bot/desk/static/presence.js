// Tells colleagues who looks at the open case, who writes, who went away. A warning, never a lock.

import { post } from "./api.js";

const TYPING_MS = 6000;
const IDLE_MS = 90000;
const BEAT_MS = 15000;

export class Presence {
  // `on.present(id, people)`: who else is there, as the server answers
  constructor(on) {
    this.on = on;
    this.id = null;
    this.said = "";
    this.typedAt = -TYPING_MS;
    this.actedAt = performance.now();
    const acted = () => {
      this.actedAt = performance.now();
      if (this.said === "idle") this.beat();
    };
    for (const what of ["keydown", "pointerdown", "wheel", "touchstart"]) document.addEventListener(what, acted, { passive: true, capture: true });
    document.addEventListener("visibilitychange", () => this.id && this.beat());
    window.addEventListener("pagehide", () => this.leave({ last: true }));
    setInterval(() => this.id && this.state() !== this.said && this.beat(), 1000);
    setInterval(() => this.id && this.beat(), BEAT_MS);
  }

  state() {
    const at = performance.now();
    if (at - this.typedAt < TYPING_MS) return "typing";
    return document.hidden || at - this.actedAt > IDLE_MS ? "idle" : "viewing";
  }

  typed() {
    this.typedAt = performance.now();
    if (this.said !== "typing") this.beat();
  }

  stopped() {
    this.typedAt = -TYPING_MS;
  }

  enter(id) {
    if (this.id !== id) this.leave();
    this.id = id;
    this.beat();
  }

  leave(how = {}) {
    if (this.id) post(`cases/${this.id}/presence`, { state: "gone" }, { auto: true, ...how }).catch(() => {});
    this.id = null;
    this.said = "";
    this.stopped();
  }

  async beat() {
    const { id } = this;
    if (!id) return;
    this.said = this.state();
    const answer = await post(`cases/${id}/presence`, { state: this.said }, { auto: true }).catch(() => null);
    if (answer && id === this.id) this.on.present(id, answer.presence);
  }
}
