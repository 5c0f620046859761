// Keys. Single ones only while nobody writes; nothing with Alt, which makes letters in many languages; nothing while an input
// method composes a word, since Enter belongs to it then.

const PAIR_MS = 1500;
const SAME = { "؟": "?", "？": "?", "／": "/" };

export class Keys {
  // `isOn()`: whether single keys are wanted
  constructor(commands, isOn) {
    this.commands = commands;
    this.isOn = isOn;
    this.first = "";
    document.addEventListener("keydown", (event) => this.down(event));
  }

  down(event) {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.altKey || event.getModifierState?.("AltGraph")) return;
    const name = nameOf(event);
    if (event.ctrlKey || event.metaKey || name === "Escape") this.always(event, name);
    else if (this.isOn() && !isWriting(event.target) && !document.querySelector("dialog[open]")) this.single(event, name);
  }

  always(event, name) {
    const command = this.commands.withKey(name === "Escape" ? name : `Ctrl+${name.length === 1 ? name.toUpperCase() : name}`);
    if (!command?.always || (document.querySelector("dialog[open]") && name === "Escape")) return;
    event.preventDefault();
    command.run();
  }

  single(event, name) {
    const pair = this.first && `${this.first} ${name}`;
    clearTimeout(this.timer);
    this.first = "";
    // A link or a button that has the focus takes Enter itself.
    if (name === "Enter" && event.target.closest("a, button, summary, [role=tab]")) return;
    const command = (pair && this.commands.withKey(pair)) || this.commands.withKey(name);
    if (command && !command.always) {
      event.preventDefault();
      command.run();
    } else if (this.commands.hasPrefix(name)) {
      this.first = name;
      this.timer = setTimeout(() => (this.first = ""), PAIR_MS);
    }
  }
}

// On an Arabic or Russian keyboard the letter is the one that stands on the key in Latin letters.
function nameOf(event) {
  const key = SAME[event.key] ?? event.key;
  if (/^[a-z?/]$/i.test(key) && key.length === 1) return key.toLowerCase();
  if (key.length === 1 && key > "\u007f" && /^Key[A-Z]$/.test(event.code)) return event.code.slice(3).toLowerCase();
  return key;
}

const NOT_TEXT = new Set(["checkbox", "radio", "button", "submit", "reset"]);
export const isWriting = (element) =>
  element.matches?.("textarea, select, [contenteditable]") || (element.matches?.("input") && !NOT_TEXT.has(element.type));
