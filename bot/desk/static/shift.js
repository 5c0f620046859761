// The shift at hand: until when it runs, a click that makes it longer, a word before it ends, and one when it has.

import { announce, find } from "./dom.js";
import { t } from "./texts.js";
import { clockTime, until } from "./times.js";

const WARN_S = 15 * 60;

export class Shift {
  // `on` has: longer(), told(sentence)
  constructor(on) {
    this.on = on;
    this.warnedOf = null;
    find("shift").addEventListener("click", () => on.longer());
  }

  show(me) {
    this.me = me;
    find("duty").value = me.duty;
    const runs = me.duty === "on" && me.duty_until;
    find("shift").hidden = !runs;
    if (!runs) return;
    const time = clockTime(me.duty_until);
    find("shift").textContent = t("shift_until", { time });
    find("shift").title = t("shift_longer");
    find("shift").setAttribute("aria-label", `${t("shift_until", { time })}. ${t("shift_longer")}`);
    this.look();
  }

  // With each beat of the line: nobody looks at a clock while they write.
  look() {
    const { duty, duty_until: end } = this.me;
    if (duty === "off" || !end) return;
    const left = until(end);
    find("shift").classList.toggle("soon", left <= WARN_S);
    if (left <= 0) this.ended();
    else if (left <= WARN_S && this.warnedOf !== end) {
      this.warnedOf = end;
      this.say(t("shift_ends_soon", { time: clockTime(end) }));
    }
  }

  ended() {
    this.me.duty = "off";
    this.me.duty_until = null;
    this.show(this.me);
    this.say(t("shift_ended"));
  }

  say(sentence) {
    this.on.told(sentence);
    announce(sentence);
  }
}
