"""Our own accessibility audit: what a script can find without an expert. It returns sentences, empty when all is well."""

from __future__ import annotations

from playwright.sync_api import Page

# Names, roles, ids, landmarks, target sizes and contrast of everything that is visible now.
_SCRIPT = r"""
() => {
  const problems = [];
  const visible = (e) => {
    const box = e.getBoundingClientRect();
    return e.checkVisibility({visibilityProperty: true}) && box.width > 1 && box.height > 1;
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);
  const show = (e) => `<${e.tagName.toLowerCase()}${e.id ? "#" + e.id : ""} class="${e.className.baseVal ?? e.className}">`;
  const text = (e) => (e?.textContent ?? "").trim();
  const name = (e) =>
    e.getAttribute("aria-label") || text(document.getElementById(e.getAttribute("aria-labelledby"))) ||
    text(e.labels?.[0]) || (["BUTTON", "A", "SUMMARY"].includes(e.tagName) ? text(e) : "");

  for (const e of all("button, a[href], input, select, textarea, dialog[open], [role=log]")) {
    if (!name(e)) problems.push(`has no name: ${show(e)}`);
  }
  for (const e of all("img:not([alt])")) problems.push(`has no alt: ${show(e)}`);
  for (const e of all("svg:not([aria-hidden])")) problems.push(`is not hidden from readers: ${show(e)}`);
  for (const e of all("h1, h2, h3")) if (!text(e)) problems.push(`is an empty heading: ${show(e)}`);
  if (all("h1").length !== 1) problems.push(`${all("h1").length} level-1 headings`);
  if (all("main").length !== 1) problems.push("not exactly one main landmark");
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) problems.push(`id ${id} stands twice`);
  for (const e of document.querySelectorAll("[aria-labelledby], [aria-describedby], [aria-controls], label[for]")) {
    for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
      const id = e.getAttribute(attribute);
      if (id && !document.getElementById(id)) problems.push(`${attribute} names nothing: ${show(e)}`);
    }
  }
  for (const e of all("button, select, textarea, a[href]")) {
    const box = e.getBoundingClientRect();
    const inText = e.tagName === "A" && e.parentElement.tagName === "P" && getComputedStyle(e).display === "inline";
    // A link to a number within a sentence stands beside a large button for it.
    if (inText || e.closest(".alarm-body > p")) continue;
    if (box.height < 43.5 || box.width < 43.5) {
      problems.push(`is a target of ${Math.round(box.width)}x${Math.round(box.height)} px: ${show(e)} ${name(e)}`);
    }
  }

  const rgb = (color) => {
    const numbers = color.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return {c: numbers.slice(0, 3), a: numbers[3] ?? 1};
  };
  const background = (e) => {
    for (let one = e; one; one = one.parentElement) {
      const {c, a} = rgb(getComputedStyle(one).backgroundColor);
      if (a === 1) return c;
    }
    return [255, 255, 255];
  };
  const light = (c) => {
    const [r, g, b] = c.map((v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const checked = new Set();
  const check = (e, color, least, what) => {
    const ratio = contrast(rgb(color).c, background(e));
    const key = `${color} ${background(e)}`;
    if (ratio < least && !checked.has(key)) problems.push(`${what} has a contrast of ${ratio.toFixed(2)}: ${show(e)}`);
    checked.add(key);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !visible(e)) continue;
    check(e, getComputedStyle(e).color, 4.5, `“${walker.currentNode.textContent.trim().slice(0, 30)}”`);
  }
  for (const e of all("textarea")) check(e, getComputedStyle(e, "::placeholder").color, 4.5, "the placeholder");
  for (const e of all("svg")) check(e, getComputedStyle(e).color, 3, "an icon");
  for (const e of all("textarea, select, .quiet")) check(e.parentElement, getComputedStyle(e).borderColor, 3, "a border");
  return problems;
}
"""


def problems(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands now."""
    return list(page.evaluate(_SCRIPT))


def overflows(page: Page) -> list[str]:
    """Return the visible elements that stick out of the window sideways."""
    return list(
        page.evaluate(
            r"""() => {
              const width = document.documentElement.clientWidth;
              const out = [...document.body.querySelectorAll("*")].filter((e) => {
                const box = e.getBoundingClientRect();
                return e.checkVisibility() && box.width > 1 && (box.left < -1 || box.right > width + 1);
              });
              if (document.documentElement.scrollWidth > width) out.push(document.body);
              return out.map((e) => `<${e.tagName} ${e.id} ${e.className}>`);
            }"""
        )
    )
