// Texts by "/": typed after it they are filtered, chosen they are put in where the cursor is, as many as one likes.

import { get, post } from "./api.js";
import { find, make } from "./dom.js";
import { languageName, t } from "./texts.js";

const MOST = 8;
const NEAREST = { "zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans" }; // who reads one reads the other
const TYPED = /(^|[\s\u3000-\u303f\uff00-\uffef])\/([^\s/]{0,32})$/;

export class Snippets {
  // `text`: the box; `caseRow()`: the open case
  constructor(text, caseRow) {
    this.text = text;
    this.caseRow = caseRow;
    this.box = find("snippets");
    this.known = null;
    this.shown = [];
    this.at = 0;
    text.addEventListener("input", (event) => !event.isComposing && this.look());
    text.addEventListener("compositionend", () => this.look());
    text.addEventListener("keydown", (event) => this.key(event));
    text.addEventListener("blur", () => setTimeout(() => this.box.contains(document.activeElement) || this.close(), 100));
    text.addEventListener("click", () => this.look());
  }

  // Of another case other texts are offered.
  reset() {
    this.known = null;
    this.close();
  }

  get isOpen() {
    return !this.box.hidden;
  }

  // The button: as if "/" had been typed.
  open() {
    const { selectionStart: at, value } = this.text;
    const gap = at && !/\s/.test(value[at - 1]) ? " /" : "/";
    this.text.setRangeText(gap, at, this.text.selectionEnd, "end");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.text.focus();
  }

  async look() {
    const typed = this.text.value.slice(0, this.text.selectionStart).match(TYPED);
    if (!typed) return this.close();
    if (!this.known) await this.load();
    const wanted = typed[2].toLocaleLowerCase();
    const all = (this.known ?? []).map((snippet) => this.chosen(snippet));
    this.shown = all.filter((one) => fits(one, wanted)).sort((one, other) => rank(one, wanted) - rank(other, wanted)).slice(0, MOST);
    this.at = 0;
    this.render();
  }

  async load() {
    const row = this.caseRow();
    const answer = await get(`snippets?case=${row?.id ?? ""}`, { auto: true }).catch(() => null);
    if (answer && row?.id === this.caseRow()?.id) this.known = answer.snippets;
  }

  // The text in the patient's language; where there is none another one, and that is said.
  chosen(snippet) {
    const language = this.caseRow()?.language ?? "";
    const order = [language, NEAREST[language], "en", ...Object.keys(snippet.texts)];
    const found = order.find((code) => snippet.texts[code]);
    return { ...snippet, text: snippet.texts[found] ?? "", language: found, fallback: found !== language };
  }

  render() {
    const none = make("p", { class: "none" }, t("snippets_none"));
    this.box.replaceChildren(...(this.shown.length ? this.shown.map((one, index) => this.option(one, index)) : [none]));
    this.box.hidden = false;
    this.mark(0);
  }

  option(one, index) {
    const facts = [
      one.own && t("snippet_own"),
      one.approved_by && t("snippet_approved", { name: one.approved_by }),
      one.used ? t("snippet_used", { n: one.used }) : "",
    ].filter(Boolean);
    const option = make("div", { role: "option", id: `snippet-${index}`, class: "snippet" },
      make("strong", {}, `/${one.shortcut}`),
      make("span", { class: "snippet-text", dir: "auto", lang: one.language }, one.text),
      one.fallback && make("span", { class: "fallback" }, t("snippet_fallback", { language: languageName(one.language) })),
      facts.length && make("small", {}, facts.join(" · ")));
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.insert(index));
    return option;
  }

  mark(index) {
    this.at = index;
    [...this.box.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    if (this.shown.length) this.text.setAttribute("aria-activedescendant", `snippet-${index}`);
    this.box.children[index]?.scrollIntoView({ block: "nearest" });
  }

  // While a word is being composed Enter and the arrows belong to the keyboard.
  key(event) {
    if (!this.isOpen || event.isComposing || event.keyCode === 229) return;
    const last = this.shown.length - 1;
    const actions = {
      ArrowDown: () => this.mark(Math.min(last, this.at + 1)),
      ArrowUp: () => this.mark(Math.max(0, this.at - 1)),
      Enter: () => this.insert(this.at),
      Tab: () => this.insert(this.at),
      Escape: () => this.close(),
    };
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isPlain || !actions[event.key] || (last < 0 && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    actions[event.key]();
  }

  insert(index) {
    const one = this.shown[index];
    if (!one) return;
    const end = this.text.selectionStart;
    const start = end - (this.text.value.slice(0, end).match(TYPED)?.[2].length ?? 0) - 1;
    this.text.setRangeText(one.text, start, end, "end");
    this.close();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.text.focus();
    post("snippets/used", { shortcut: one.shortcut }, { auto: true }).catch(() => {});
  }

  close() {
    this.box.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }
}

const fits = (one, wanted) => one.text && (one.shortcut.toLocaleLowerCase().includes(wanted) || one.text.toLocaleLowerCase().includes(wanted));

// What begins so first, then what is used most.
const rank = (one, wanted) => (one.shortcut.toLocaleLowerCase().startsWith(wanted) ? 0 : 1e6) - Math.min(one.used ?? 0, 1e5);
