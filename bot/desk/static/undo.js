// For a few seconds a reply can be taken back: it has not left yet.

import { post } from "./api.js";
import { announce, find } from "./dom.js";
import { t } from "./texts.js";
import { now } from "./times.js";

export class Undo {
  // `on`: undone(id, answer), late(sentence)
  constructor(on) {
    this.on = on;
    this.sent = null;
    find("undo-do").addEventListener("click", () => this.run());
  }

  offer(id, sent) {
    this.hide();
    if (!sent.undo_until) return;
    this.sent = { id, number: sent.number, until: Date.parse(sent.undo_until) };
    find("undo").hidden = false;
    this.timer = setInterval(() => this.show(), 250);
    this.show();
  }

  show() {
    const left = Math.ceil((this.sent.until - now()) / 1000);
    if (left <= 0) this.hide();
    else find("undo-text").textContent = t("undo_bar", { n: left });
  }

  hide() {
    clearInterval(this.timer);
    this.sent = null;
    find("undo").hidden = true;
  }

  async run() {
    const sent = this.sent;
    if (!sent) return;
    this.hide();
    const answer = await post(`cases/${sent.id}/undo`, { number: sent.number }).catch((failure) => ({ failed: failure.sentence }));
    const sentence = answer.failed ?? t(answer.undone ? "undone_ok" : "undo_late");
    announce(sentence);
    if (answer.undone) this.on.undone(sent.id, answer);
    else this.on.late(sentence);
  }
}
