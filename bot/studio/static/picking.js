// Choosing one of many by typing a part of its name.

import { ask } from "./dialog.js";
import { field } from "./form.js";
import { make } from "/static/desk/dom.js";
import { t } from "/static/desk/texts.js";

const SHOWN = 100;

// `options`: [{ value, name, id }]. Resolves to the chosen one, or null.
export async function pick(title, options, go) {
  const search = make("input", { type: "text", autocomplete: "off", dir: "auto" });
  const list = make("select", { size: "9", class: "pick-list", name: "chosen", required: true });
  const show = () => {
    const asked = search.value.trim().toLocaleLowerCase();
    const found = options.filter((one) => `${one.name} ${one.id}`.toLocaleLowerCase().includes(asked)).slice(0, SHOWN);
    list.replaceChildren(...found.map((one, place) => make("option", { value: one.value, selected: place === 0 }, one.name === one.id ? one.name : `${one.name} (${one.id})`)));
  };
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); list.focus(); }
  });
  show();
  const chosen = await ask(title, { fields: [field(t("inbox_search"), search), field(t("inbox_choice"), list)], go });
  return chosen ? options.find((one) => one.value === chosen.chosen) ?? null : null;
}
