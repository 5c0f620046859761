// The page's texts in the present language, and switching to another one without losing a draft.

let page = JSON.parse(document.documentElement.dataset.page);

export const current = () => page;

export function t(key, values = {}) {
  return (page.texts[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function isRightToLeft(language) {
  return language === "ar";
}

// Returns whether the page speaks `language` now; offline it stays as it is.
export async function speak(language) {
  if (language === page.language) return true;
  try {
    const answer = await fetch(`/chat/api/texts?lang=${encodeURIComponent(language)}`);
    if (!answer.ok) return false;
    page = await answer.json();
  } catch {
    return false;
  }
  show();
  return true;
}

function show() {
  const root = document.documentElement;
  root.lang = page.language;
  root.dir = page.dir;
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = t(element.dataset.placeholder);
  for (const element of document.querySelectorAll("[data-brand]")) element.href = `/?lang=${page.language}`;
}
