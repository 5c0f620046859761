// The page's texts and names, in the language of the nurse. They came with the page.

export const page = JSON.parse(document.getElementById("main").dataset.page);

export const has = (key) => key in page.texts;

export function t(key, values = {}) {
  return (page.texts[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// Of an event not every value is known: what is not is left out.
export const known = (key, values) => t(key, values).replace(/\s*\{\w+\}/g, "");

// What stands in a pack by id; an id that the pack does not know any more is shown as it is.
export const languageName = (code) => page.languages[code] ?? code;
export const teamName = (id) => page.teams[id] ?? id;
export const departmentName = (id) => page.departments[id] ?? id;
export const channelName = (id) => (has(`channel_${id}`) ? t(`channel_${id}`) : id);

const list = new Intl.ListFormat(page.language, { style: "long", type: "conjunction" });
export const listed = (names) => list.format(names);
