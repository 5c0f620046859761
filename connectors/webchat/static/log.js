// The conversation on the screen: every message once, in order, and the newest in view.

import { closeChoices, ownBubble, theirBubble } from "./bubbles.js";
import { said } from "./pieces.js";

const NEAR_PX = 120;

export class Log {
  // `on` has: choice(button), retry()
  constructor({ log, scroll, newest }, on) {
    this.log = log;
    this.scroll = scroll;
    this.newest = newest;
    this.on = on;
    this.numbers = new Map();
    this.own = new Map();
    this.alarm = null; // the last emergency answer, until the person writes again
    scroll.addEventListener("scroll", () => this.isNear() && (newest.hidden = true), { passive: true });
    newest.addEventListener("click", () => this.toEnd());
  }

  // What was said before, in the order of time. Announcing it all again would bury the page for a screen reader.
  addHistory(own, messages) {
    const items = [...own.map((words) => ({ at: words.at, words })), ...messages.map((message) => ({ at: message.at, message }))];
    items.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : one.words ? -1 : 1));
    const first = items.length > 0 && this.numbers.size + this.own.size === 0;
    if (first) this.log.setAttribute("aria-live", "off");
    for (const { words, message } of items) {
      if (message) this.addTheirs(message, { live: !first });
      else this.addOwn(words, "stored", first);
    }
    if (first) requestAnimationFrame(() => this.log.setAttribute("aria-live", "polite"));
  }

  addOwn(message, state, quiet = false) {
    if (this.own.has(message.id)) return;
    for (const group of this.log.querySelectorAll(".choices")) closeChoices(group, chosenIn(group, message));
    this.alarm = null;
    const element = ownBubble(message);
    this.own.set(message.id, element);
    this.log.append(element);
    this.setState(message, state);
    this.group(element);
    if (!quiet) this.toEnd();
  }

  addTheirs(message, { live }) {
    if (this.numbers.has(message.number)) return;
    this.forgetBefore(message.first);
    const wasNear = this.isNear();
    const element = theirBubble(message, { live, onChoice: this.on.choice });
    const later = [...this.numbers].filter(([number]) => number > message.number).sort(([one], [other]) => one - other)[0];
    if (later) later[1].before(element);
    else this.log.append(element);
    this.numbers.set(message.number, element);
    this.group(element);
    if (message.kind === "emergency" || message.kind === "crisis") this.alarm = element;
    if (this.alarm || !live || wasNear) this.reveal(element);
    else this.newest.hidden = false;
  }

  // What was erased at the hospital goes from the screen, too.
  forgetBefore(first) {
    const erased = [...this.numbers].filter(([number]) => number < first);
    if (!erased.length) return;
    const last = erased.map(([, element]) => element).reduce((one, other) => (one.compareDocumentPosition(other) & 4 ? other : one));
    for (const element of [...this.log.children].filter((child) => child === last || child.compareDocumentPosition(last) & 4)) element.remove();
    for (const [number] of erased) this.numbers.delete(number);
    for (const [id, element] of [...this.own]) if (element.dataset.state === "stored") this.removeOwn(id, element);
  }

  removeOwn(id, element) {
    element.remove();
    this.own.delete(id);
  }

  // Only the last own message says "delivered": it holds for those before.
  setState(message, state, sentence = "") {
    const element = this.own.get(message.id);
    if (!element) return;
    element.querySelector(".state")?.remove();
    element.dataset.state = state;
    if (state === "stored") {
      for (const other of this.log.querySelectorAll('.own[data-state="stored"] .state')) other.remove();
    }
    if (state === "failed") {
      const again = said("button", "state_failed", { type: "button", class: "state" });
      again.addEventListener("click", () => this.on.retry());
      element.append(again);
      if (sentence) again.title = sentence;
    } else element.append(said("span", `state_${state}`, { class: "state" }));
  }

  remove(message) {
    const element = this.own.get(message.id);
    if (element) this.removeOwn(message.id, element);
  }

  clear() {
    this.log.replaceChildren();
    this.numbers.clear();
    this.own.clear();
    this.alarm = null;
    this.newest.hidden = true;
  }

  // The name stands only above the first of several messages of the same author.
  group(element) {
    const author = (other) => ["own", "bot", "nurse"].find((name) => other?.classList.contains(name));
    for (const one of [element, element.nextElementSibling]) {
      one?.classList.toggle("same", author(one) === author(one.previousElementSibling));
    }
  }

  isNear() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_PX;
  }

  // A long answer is read from its beginning. And nothing that follows an alarm may push it out of sight.
  reveal(element) {
    if (this.alarm) {
      this.alarm.scrollIntoView({ block: "start" });
      this.newest.hidden = this.isNear();
    } else if (element.offsetHeight > this.scroll.clientHeight) element.scrollIntoView({ block: "start" });
    else this.toEnd();
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.newest.hidden = true;
  }
}

const chosenIn = (group, message) =>
  [...group.querySelectorAll("button:enabled")].find(
    (button) => button.dataset.payload === message.payload || button.lastChild.textContent === message.text,
  ) ?? null;
