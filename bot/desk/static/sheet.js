// The sheet of keys and the palette: both show the table of commands, so they cannot say what is not so.

import { button, find, icon, make } from "./dom.js";
import { t } from "./texts.js";

const NAMES = { Escape: "Esc" };
const KEY = navigator.platform?.startsWith("Mac") ? "⌘" : "Ctrl";

export const keyCaps = (keys) => keys.split(" ").flatMap((part) => part.split("+")).map((part) => make("kbd", {}, part === "Ctrl" ? KEY : NAMES[part] ?? part));

export class Sheet {
  // `on`: single(is on), isSingle()
  constructor(commands, on) {
    this.commands = commands;
    this.on = on;
    this.sheet = find("sheet");
    this.palette = find("palette");
    find("help").addEventListener("click", () => this.showKeys());
    for (const dialog of [this.sheet, this.palette]) dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  showKeys() {
    const shown = this.commands.all.filter((command) => command.keys.length && !command.hidden);
    const lines = shown.map((command) => make("div", { class: "key-line" }, make("dt", {}, ...keyCaps(command.keys[0])), make("dd", {}, t(command.text, { name: "" }))));
    const box = make("input", { type: "checkbox", id: "single-keys", checked: this.on.isSingle() });
    box.addEventListener("change", () => this.on.single(box.checked));
    const close = button(icon("close"), () => this.sheet.close(), { class: "icon quiet", "aria-label": t("close_panel") });
    this.sheet.replaceChildren(make("div", { class: "panel-head" }, make("h2", { id: "sheet-title" }, t("keys_title")), close),
      make("dl", { class: "keys" }, ...lines), make("label", { class: "check" }, box, make("span", {}, t("keys_switch"))), make("p", { class: "none" }, t("keys_hint")));
    this.sheet.showModal();
  }

  showPalette() {
    if (this.palette.open) return;
    this.back = document.activeElement;
    this.input = make("input", { type: "text", "aria-label": t("palette_label"), placeholder: t("palette_label"), role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", autocomplete: "off", dir: "auto" });
    this.list = make("div", { id: "palette-list", role: "listbox", "aria-label": t("palette_label") });
    this.input.addEventListener("input", () => this.filter());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.palette.replaceChildren(this.input, this.list);
    this.palette.showModal();
    this.filter();
  }

  filter() {
    const wanted = this.input.value.trim().toLocaleLowerCase();
    const skip = new Set(["palette", "leave", "send"]);
    this.found = this.commands.all.filter((command) => !skip.has(command.id) && this.commands.possible(command) && command.label().toLocaleLowerCase().includes(wanted));
    this.list.replaceChildren(...this.found.map((command, index) => this.option(command, index)));
    if (!this.found.length) this.list.replaceChildren(make("p", { class: "none" }, t("palette_none")));
    this.mark(0);
  }

  option(command, index) {
    const option = make("div", { role: "option", id: `command-${index}`, class: "palette-line" }, make("span", {}, command.label()), make("span", { class: "caps" }, ...(command.keys[0] ? keyCaps(command.keys[0]) : [])));
    option.addEventListener("click", () => this.run(index));
    return option;
  }

  mark(index) {
    this.at = index;
    [...this.list.children].forEach((option, place) => option.setAttribute?.("aria-selected", String(place === index)));
    this.input.setAttribute("aria-activedescendant", this.found.length ? `command-${index}` : "");
    this.list.children[index]?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const last = this.found.length - 1;
    if (event.key === "ArrowDown") this.mark(Math.min(last, this.at + 1));
    else if (event.key === "ArrowUp") this.mark(Math.max(0, this.at - 1));
    else if (event.key === "Enter") this.run(this.at);
    else return;
    event.preventDefault();
  }

  run(index) {
    const command = this.found[index];
    this.palette.close();
    this.back?.focus?.({ preventScroll: true });
    if (command) this.commands.run(command.id);
  }
}
