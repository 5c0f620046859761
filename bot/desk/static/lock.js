// Locked or signed out: everything about patients leaves the page in the same moment, and only then the way back is shown.

import { find, make } from "./dom.js";
import { t } from "./texts.js";

export function watchLock(desk) {
  document.addEventListener("daozhen:out", (event) => hide(desk, event.detail));
  // Said by the script of all pages of the staff, which then leads to the lock.
  document.addEventListener("daozhen:locked", () => hide(desk, "locked"));
}

function hide(desk, why) {
  if (!find("lock").hidden) return;
  desk.stop();
  const place = encodeURIComponent(location.pathname + location.search);
  for (const one of ["main", "pages", "line", "say", "sheet", "palette"]) find(one)?.replaceChildren();
  find("main").hidden = true;
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  const [key, address] = why === "locked" ? ["locked", "unlock"] : ["signed_out", "login"];
  find("lock").replaceChildren(make("h2", { tabindex: "-1" }, t(`${key}_title`)), make("p", {}, t(`${key}_text`)),
    make("a", { class: "button strong", href: `/staff/${address}?next=${place}` }, t(`${key}_button`)));
  find("lock").hidden = false;
  find("lock").querySelector("a").focus();
  location.replace(find("lock").querySelector("a").href);
}
