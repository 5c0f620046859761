// A sentence that appears for some seconds, and perhaps a way to take back what was done.

import { announce, button, find, make } from "/static/desk/dom.js";
import { t } from "/static/desk/texts.js";

const SHOWN_MS = 8000;

// `undo`: what takes it back, on a button that says `label`; `problem`: it was not done.
export function toast(text, { undo, label = t("shared_undo"), problem = false } = {}) {
  const element = make("div", { class: problem ? "toast problem" : "toast done" }, make("span", {}, text));
  const gone = () => element.remove();
  if (undo) element.append(button(label, () => { gone(); undo(); }, { class: "quiet" }));
  element.append(button("×", gone, { class: "icon", "aria-label": t("shared_close") }));
  find("toasts").append(element);
  announce(text);
  // Who has the pointer or the keyboard on it is still reading.
  const end = () => (element.matches(":hover, :focus-within") ? setTimeout(end, SHOWN_MS) : gone());
  setTimeout(end, SHOWN_MS);
  return gone;
}

// Show why a call was refused.
export const failed = (failure) => void toast(failure.sentence ?? t("failed"), { problem: true });
