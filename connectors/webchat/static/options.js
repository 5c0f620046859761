// Language, region, appearance, a new conversation: chosen here, remembered on this device only.

import { local } from "./storage.js";
import { current, speak } from "./texts.js";

const find = (id) => document.getElementById(id);
const LANGUAGE = "daozhen.language";
const REGION = "daozhen.region";
const THEME = "daozhen.theme";
const UNKNOWN = "?"; // "I do not know" is a choice, too

export function setUpOptions({ onNew }) {
  const language = find("language");
  const region = find("region");
  const theme = find("theme");
  const asked = new URLSearchParams(location.search).get("lang");
  // An address that names a language is a choice as well.
  let chosen = asked === current().language ? asked : local.get(LANGUAGE);

  function refresh() {
    language.value = current().language;
    for (const option of region.options) {
      const known = current().regions.find(({ code }) => code === option.value);
      if (known) option.textContent = known.name;
    }
    showNumber();
  }

  // Somewhere unknown we name the home hospital's number with its region: never a guess.
  function showNumber() {
    const { regions, home, texts } = current();
    const here = regions.find(({ code }) => code === region.value);
    const shown = here ?? regions.find(({ code }) => code === home);
    if (!shown) return;
    find("urgent-number").href = `tel:${shown.number}`;
    find("urgent-number").firstElementChild.textContent = shown.number;
    find("urgent-where").textContent = here ? `(${shown.name})` : `(${shown.name}${texts.emergency_elsewhere})`;
  }

  function chooseLanguage(value) {
    chosen = value;
    local.set(LANGUAGE, value);
    history.replaceState(null, "", `${location.pathname}?lang=${value}`);
  }

  language.addEventListener("change", async () => {
    if (await speak(language.value)) chooseLanguage(language.value);
    refresh();
  });
  region.addEventListener("change", () => {
    local.set(REGION, region.value || UNKNOWN);
    showNumber();
  });
  theme.addEventListener("change", () => {
    if (theme.value) document.documentElement.dataset.theme = theme.value;
    else delete document.documentElement.dataset.theme;
    if (theme.value) local.set(THEME, theme.value);
    else local.remove(THEME);
  });
  setUpPanel();
  setUpNew(onNew);

  const remembered = local.get(REGION);
  if (remembered) region.value = remembered === UNKNOWN ? "" : remembered;
  if (region.selectedIndex < 0) region.value = current().home;
  theme.value = document.documentElement.dataset.theme ?? "";
  refresh();

  return {
    refresh,
    chooseLanguage,
    chosenLanguage: () => chosen,
    chosenRegion: () => (local.get(REGION) && region.value) || null,
  };
}

function setUpPanel() {
  const button = find("options");
  const panel = find("panel");
  const show = (open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(panel.hidden));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    show(false);
    button.focus();
  });
  find("main").addEventListener("click", () => show(false));
  find("text").addEventListener("focus", () => show(false));
}

function setUpNew(onNew) {
  const ask = find("ask-new");
  find("new").addEventListener("click", () => ask.showModal());
  ask.addEventListener("close", () => {
    if (ask.returnValue === "yes") onNew();
    ask.returnValue = "";
  });
}
