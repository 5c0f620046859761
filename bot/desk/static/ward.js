// The ward: who is asked today, who has answered, whose answer worries, who is silent. No words and no names of patients.

import { get, post, query } from "./api.js";
import { announce, button, fill, find, make, options, said } from "./dom.js";
import { channelName, languageName, page as texts, t } from "./texts.js";
import { moment, setNow } from "./times.js";
import { showCode } from "./ward_code.js";

const STANDINGS = ["worrying", "silent", "due", "answered", "asked", "quiet"];
const TONES = { worrying: "alarm", silent: "soon", due: "calm", answered: "good", asked: "", quiet: "" };

let offered = {};

const wanted = () => Object.fromEntries(new URLSearchParams(location.search));

async function show() {
  const page = await get(`ward?${query(wanted())}`).catch((failure) => void problem(failure.sentence));
  if (!page) return;
  problem("");
  setNow(page.now);
  filters(page);
  fill(find("lines"), ...page.lines.map((one) => line(one, page)));
  find("none").hidden = page.lines.length > 0;
  find("not-all").hidden = page.all;
  offered = Object.fromEntries(page.offered.map((id) => [id, page.plans[id]]));
}

function problem(sentence) {
  find("problem").textContent = sentence;
  find("problem").hidden = !sentence;
}

// What is chosen stands in the address: it names a plan or a team, and no patient.
function choose(change) {
  const chosen = query({ ...wanted(), ...change });
  history.replaceState(null, "", `/desk/ward${chosen && `?${chosen}`}`);
  return show();
}

function filters(page) {
  const { plan = "", team = "", standing = "" } = wanted();
  options(find("plan"), [["", t("ward_all_plans")], ...Object.entries(page.plans)], plan);
  options(find("team"), [["", t("all_teams")], ...Object.entries(texts.teams)], team);
  const total = Object.values(page.counts).reduce((sum, count) => sum + count, 0);
  const tab = (key, label, count) => button([label, make("span", { class: "count" }, String(count))], () => choose({ standing: key }), { class: "tab", "aria-pressed": String(standing === key), "data-standing": key });
  fill(find("standings"), tab("", t("ward_everybody"), total), ...STANDINGS.map((key) => tab(key, t(`ward_${key}`), page.counts[key])));
}

function line(one, page) {
  const { asked, kept, worrying } = one.kept;
  const facts = [
    asked ? t("follow_kept", { asked, kept }) : "", worrying ? t("follow_worrying", { n: worrying }) : "",
    one.in_a_row > 1 ? t("ward_in_a_row", { n: one.in_a_row }) : "",
    one.asked_at ? t("ward_asked_at", { time: moment(one.asked_at) }) : "", one.due_at ? t("ward_due_at", { time: moment(one.due_at) }) : "",
    `${languageName(one.language)} · ${channelName(one.channel)}`,
  ];
  return make("li", { class: "ward-line", "data-id": one.id, "data-standing": one.standing },
    make("p", { class: "ward-head" }, make("span", { class: `badge ${TONES[one.standing]}` }, t(`ward_${one.standing}`)), one.paused && said("span", "follow_state_paused", { class: "badge calm" }),
      make("strong", {}, page.plans[one.plan] ?? one.plan), make("span", { class: "number" }, t("ward_number", { n: one.id }))),
    make("p", { class: "small" }, facts.filter(Boolean).join(" · ")), make("div", { class: "row-buttons" }, ...acts(one)));
}

function acts(one) {
  const toCase = one.case?.open ? make("a", { class: "button", href: `/desk?case=${one.case.id}` }, t("ward_to_case", { number: one.case.number }))
    : button(t("ward_open_case"), () => openCase(one), { class: "quiet", "data-act": "case" });
  const looked = ["worrying", "silent"].includes(one.standing) && button(t("ward_seen"), () => seen(one), { class: "quiet", "data-act": "seen" });
  return [toCase, looked].filter(Boolean);
}

async function openCase(one) {
  const answer = await post("ward/case", { id: one.id }).catch((failure) => void problem(failure.sentence));
  if (answer) location.assign(`/desk?case=${answer.case}`);
}

async function seen(one) {
  const answer = await post("ward/seen", { id: one.id }).catch((failure) => void problem(failure.sentence));
  if (!answer) return;
  announce(t("ward_seen_ok"));
  await show();
  (find("lines").querySelector("button, a") ?? find("main")).focus();
}

// Locked or signed out: nothing stays, and the page leads to the door.
document.addEventListener("daozhen:out", (event) => {
  find("lines").replaceChildren();
  location.replace(`/staff/${event.detail === "locked" ? "unlock" : "login"}?next=${encodeURIComponent(location.pathname)}`);
});
document.addEventListener("daozhen:locked", () => find("lines").replaceChildren());
find("plan").addEventListener("change", (event) => choose({ plan: event.target.value }));
find("team").addEventListener("change", (event) => choose({ team: event.target.value }));
find("again").addEventListener("click", show);
find("code-open").addEventListener("click", () => showCode(offered));
await show();
document.documentElement.dataset.ready = "yes";
