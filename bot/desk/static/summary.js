// What the bot knows, in four lines, and how it got there. In the nurse's language.

import { find, make, said } from "./dom.js";
import { departmentName, has, t } from "./texts.js";

const PARTS = ["situation", "background", "assessment", "recommendation"];

export function showSummary(summary, trace, on) {
  const list = make("dl", { class: "sbar" });
  for (const part of PARTS) {
    const lines = summary?.[part] ?? [];
    const parts = lines.length ? lines.map((line) => make("span", {}, ...quoted(line))) : [said("span", "sbar_none", { class: "none" })];
    list.append(said("dt", `sbar_${part}`), make("dd", { dir: "auto" }, ...parts));
  }
  const brief = make("span", { dir: "auto" }, summary?.situation?.[0] ?? "");
  const details = make("details", { id: "sbar", open: on.isOpen() }, make("summary", {}, said("strong", "sbar_title"), brief), make("div", { class: "summary-body" }, list, traceOf(trace)));
  details.addEventListener("toggle", () => on.toggled(details.open));
  find("summary").replaceChildren(details);
}

// The patient's words may run the other way than the nurse's language: they are kept together.
const QUOTED = /([“„「«"])([^”“」»"]+)([”“」»"])/;

function quoted(line) {
  const found = line.match(QUOTED);
  if (!found) return [line];
  const [before, after] = [line.slice(0, found.index), line.slice(found.index + found[0].length)];
  return [before, found[1], make("bdi", {}, found[2]), found[3], ...quoted(after)];
}

function traceOf(trace) {
  const details = make("details", { class: "trace" }, said("summary", "trace_title"));
  const lines = trace?.lines ?? [];
  if (!lines.length) details.append(said("p", "trace_none", { class: "none" }));
  else details.append(make("ol", {}, ...lines.map(line)));
  if (trace?.departments?.length) details.append(make("p", {}, trace.departments.map(departmentName).join(" · ")));
  if (trace?.content_version) details.append(said("p", "trace_content", { class: "none" }, { version: trace.content_version }));
  if (trace?.raw && Object.keys(trace.raw).length) details.append(raw(trace.raw));
  return details;
}

function line({ kind, text, rule, version }) {
  const source = rule && t(version ? "trace_rule" : "trace_rule_only", { rule, version });
  return make("li", {}, has(`trace_kind_${kind}`) && make("strong", {}, t(`trace_kind_${kind}`)), make("span", { dir: "auto" }, text), source && make("small", {}, source));
}

// Long, and seldom wanted: made when somebody opens it.
function raw(data) {
  const details = make("details", { class: "raw" }, said("summary", "trace_raw"));
  details.addEventListener("toggle", () => details.querySelector("pre") ?? details.append(make("pre", { dir: "ltr", tabindex: "0" }, JSON.stringify(data, null, 1))));
  return details;
}
