// The head of the open case: which one, who has it, and what can be done with it.

import { button, fill, find, icon, make } from "./dom.js";
import { crisisBadge, levelBadge, waiting, clock, windowLeft } from "./row.js";
import { channelName, has, languageName, t } from "./texts.js";
import { clockTime, moment } from "./times.js";

// What stands as a button of its own; the rest is behind "more".
const FIRST = ["claim", "take_over", "reopen", "close", "snooze", "wake", "assign"];

export function showHead(view, commands) {
  const { row } = view;
  const focused = whereFocusIs();
  const open = find("more-acts")?.open;
  const back = button(icon("back"), () => commands.run("queue"), { class: "icon quiet to-queue", id: "to-queue", "aria-label": t("back_to_queue") });
  const card = button(icon("person"), () => commands.run("card"), { class: "icon quiet to-card", id: "to-card", "aria-label": t("show_card") });
  fill(find("case-head"),
    make("div", { class: "head-line" }, back, make("h2", { tabindex: "-1", id: "case-title" }, t("case_number", { number: row.number })),
      crisisBadge(row), levelBadge(row), make("span", { class: "head-space" }), card),
    make("p", { class: "head-status" }, make("strong", {}, status(view)), languageLine(row), waiting(row), clock(row), row.state === "closed" ? null : windowLeft(row.window_closes_at)),
    view.glass_until && make("p", { class: "glass-until" }, icon("lock"), t("status_glass", { time: clockTime(view.glass_until) })),
    make("p", { id: "case-presence", class: "presence", role: "status" }),
    acts(commands),
  );
  if (open && find("more-acts")) find("more-acts").open = true;
  // A button that is gone, like "claim" once it was pressed, leaves the focus with the case and not with the page.
  if (focused) (find("case-head").querySelector(focused) ?? find("case-title")).focus({ preventScroll: true });
}

function whereFocusIs() {
  const element = document.activeElement;
  if (!element?.closest("#case-head")) return "";
  if (element.dataset.command) return `[data-command="${element.dataset.command}"]`;
  return element.id ? `#${element.id}` : "#more-acts > summary";
}

const languageLine = (row) => make("span", {}, `${t("patient_reads", { language: languageName(row.language) })} · ${channelName(row.channel)}`);

function status({ row }) {
  if (row.state === "closed") return t("status_closed", { outcome: has(`outcome_${row.outcome}`) ? t(`outcome_${row.outcome}`) : row.closed_at ? moment(row.closed_at) : "" });
  if (!row.claimed_by) return t("status_nobody");
  return row.mine ? t("status_you") : t("status_other", { name: row.claimed_by.name });
}

function acts(commands) {
  const possible = commands.ofCase();
  const one = (command, attributes) => button([command.label(), command.keys[0] && make("kbd", { "aria-hidden": "true" }, command.keys[0])], () => commands.run(command.id), { "data-command": command.id, ...attributes });
  const first = possible.filter((command) => FIRST.includes(command.id));
  const rest = possible.filter((command) => !FIRST.includes(command.id));
  const strong = first.find((command) => ["claim", "reopen"].includes(command.id)) ?? first.find((command) => command.id === "close");
  const row = make("div", { class: "acts" }, ...first.map((command) => one(command, { class: command === strong ? "strong" : "quiet" })));
  if (rest.length) {
    const list = make("div", { class: "more-list" }, ...rest.map((command) => one(command)));
    list.addEventListener("click", () => (find("more-acts").open = false));
    row.append(make("details", { id: "more-acts", class: "menu more-acts" }, make("summary", { class: "quiet" }, t("act_more")), list));
  }
  return row;
}
