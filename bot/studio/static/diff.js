// A difference that people can read: what goes is marked with its word, not by colour alone.

import { make } from "/static/desk/dom.js";
import { t } from "/static/desk/texts.js";

const KINDS = { "+": "added", "-": "removed" };

// Read a unified diff: [{ kind: added | removed | same | place, text }].
export function diffOf(unified) {
  const lines = unified.split("\n").filter((line) => line && !/^(---|\+\+\+|\\)/.test(line));
  return lines.map((line) => (line.startsWith("@@") ? { kind: "place", text: line.replace(/^@@.*@@ ?/, "") || "⋯" } : { kind: KINDS[line[0]] ?? "same", text: line.slice(1) }));
}

export function diffView(label, lines) {
  if (!lines.length) return make("p", { class: "none" }, t("shared_diff_empty"));
  const rows = lines.map(({ kind, text }) => {
    const mark = kind === "added" || kind === "removed" ? make("span", { class: "hidden" }, `${t(`shared_diff_${kind}`)}: `) : null;
    const tag = { added: "ins", removed: "del" }[kind] ?? "span";
    return make("li", { class: `diff-${kind}` }, make(tag, { dir: "auto" }, mark, text));
  });
  return make("div", { class: "scroll diff", tabindex: "0", role: "group", "aria-label": label }, make("ol", { role: "list" }, ...rows));
}
