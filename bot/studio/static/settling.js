// What somebody else has changed meanwhile: the author decides about each place, mine, theirs, or other words.

import { button, failed, field, find, make, post, t, toast } from "./kit.js";
import { words } from "./changing.js";

const nothing = () => t("changes_nothing");

// `change`: as the page has it; `show(change)`: shows it as it is afterwards.
export function settling(change, show) {
  find("apart").hidden = !change.places.length;
  const places = change.places.map(place);
  const all = (choice) => button(t(`changes_all_${choice}`), () => places.forEach((one) => one.choose(choice)), { class: "quiet", "data-all": choice });
  find("deciding").replaceChildren(...(places.length > 1 ? [make("div", { class: "row" }, all("mine"), all("theirs"))] : []),
    make("ol", { class: "decisions", role: "list" }, ...places.map((one) => make("li", {}, one.element))),
    make("div", { class: "row" }, make("button", { class: "strong", id: "settle" }, t("changes_settle"))));
  find("deciding").onsubmit = (event) => {
    event.preventDefault();
    keep(change, places, show).catch(failed);
  };
}

async function keep(change, places, show) {
  const missing = places.find((one) => !one.isDecided());
  if (missing) return void missing.ask();
  const decisions = places.map((one) => one.decision());
  show(await post(`changes/${change.id}/settle`, { edition: change.edition, seen: change.seen, decisions }));
  toast(t("changes_done_settle"));
  find("title").scrollIntoView({ block: "start" });
}

function place(one, n) {
  const radios = {};
  const side = (name) => make("div", {}, make("dt", {}, t(`changes_side_${name}`)), words("dd", one[name] || nothing(), one.language, { class: "lines" }));
  const area = make("textarea", { rows: 3, maxlength: 3000, dir: "auto", name: `value-${n}` });
  area.value = one.typed;
  const own = field(t("changes_own_words"), area, one.shape === "list" ? t("shared_pack_line") : "");
  own.hidden = true;
  const show = () => { own.hidden = !radios.new?.checked; problem.textContent = ""; };
  const problem = make("small", { class: "finding", "data-kind": "wrong", role: "status" });
  const choices = one.choices.map((choice) => {
    const radio = radios[choice] = make("input", { type: "radio", name: `choice-${n}`, value: choice });
    radio.addEventListener("change", show);
    return make("label", { class: "choice-label" }, radio, t(one.gone ? "changes_choice_gone" : `changes_choice_${choice}`));
  });
  // Where only one thing can be done it is chosen already.
  if (one.choices.length === 1) radios[one.choices[0]].checked = true;
  const element = make("fieldset", { "data-place": n }, make("legend", { dir: "ltr" }, `${one.file} › ${one.path}`),
    make("dl", { class: "sides" }, side("base"), side("theirs"), side("mine")), make("div", { class: "row" }, ...choices), own, problem);
  const chosen = () => one.choices.find((choice) => radios[choice].checked);
  return {
    element,
    choose: (choice) => { if (radios[choice]) radios[choice].checked = true; show(); },
    isDecided: () => Boolean(chosen()) && (chosen() !== "new" || Boolean(area.value.trim())),
    decision: () => ({ choice: chosen(), value: chosen() === "new" ? area.value : "" }),
    ask: () => {
      problem.textContent = t("changes_decide");
      (chosen() === "new" ? area : radios[one.choices[0]]).focus();
    },
  };
}

// What was decided, for whoever reviews it.
export function decided(event) {
  if (!event.decided.length) return null;
  const text = (said) => make("bdi", { class: "lines" }, said || nothing());
  const line = (one) => make("li", {}, make("span", { class: "edit-head" }, t(`changes_decided_${one.choice}`)),
    make("span", {}, t("changes_side_theirs"), ": ", text(one.theirs)), make("span", {}, t("changes_side_mine"), ": ", text(one.mine)),
    one.choice === "new" && make("span", {}, t("changes_own_words"), ": ", text(one.value)), make("small", { dir: "ltr" }, `${one.file} › ${one.path}`));
  return make("ol", { class: "decided", role: "list" }, ...event.decided.map(line));
}
