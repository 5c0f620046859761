// What a message looks like.

import { callLink, icon, make, numbersIn, paragraphs, said } from "./pieces.js";
import { current, isRightToLeft } from "./texts.js";

const ALARMS = { emergency: ["emergency_heading", "E1"], crisis: ["crisis_heading", "heart"] };
const MOST_CALLS = 2;

export function ownBubble(message) {
  const article = make("article", { class: "message own", "data-id": message.id }, make("p", { class: "who" }, said("span", "you")));
  article.append(make("div", { class: "bubble", dir: "auto" }, message.text));
  return article;
}

// `onChoice(button)` is called once; `live` says that the message came just now and is to be announced.
export function theirBubble(message, { live, onChoice }) {
  const kind = message.kind in ALARMS ? message.kind : "";
  const author = message.author === "nurse" ? "nurse" : "bot";
  const article = make("article", {
    class: `message ${author} ${kind} ${kind || message.card || message.picture ? "wide" : ""}`,
    "data-number": message.number,
    lang: message.language,
    dir: isRightToLeft(message.language) ? "rtl" : "ltr",
  });
  article.append(make("p", { class: "who" }, said("span", author), " ", when(message.at)));
  const body = bodyOf(message);
  if (kind) article.append(alarm(kind, body, message.note, live));
  else if (message.card) article.append(card(message, article, live));
  else article.append(make("div", { class: "bubble" }, picture(message), ...paragraphs(body), note(message.note)));
  if (message.buttons?.length) article.append(choices(message, onChoice));
  return article;
}

// Time for today, date and time for earlier; western digits in every language.
function when(at) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const style = today ? { timeStyle: "short" } : { dateStyle: "short", timeStyle: "short" };
  return make("time", { datetime: at }, new Intl.DateTimeFormat(`${current().language}-u-nu-latn`, style).format(date));
}

const bodyOf = ({ text, note: last }) => (last && text.endsWith(last) ? text.slice(0, -last.length).trimEnd() : text);
const note = (text, dial) => (text ? make("div", { class: "note" }, ...paragraphs(text, dial)) : null);

// The text says the same, so nothing is lost when it does not load.
function picture({ picture: shown, language }) {
  if (!shown) return null;
  const { address, alt, width, height } = shown;
  const image = make("img", { class: "picture", src: address, alt, width, height, decoding: "async" });
  image.addEventListener("error", () => image.remove(), { once: true });
  const file = (kind, key) => said("a", key, { href: `/chat/api/readings.${kind}?lang=${language}`, download: `readings.${kind}` });
  const large = said("a", "picture_large", { href: address, target: "_blank", rel: "noopener" });
  return make("figure", { class: "shown" }, image, make("figcaption", { class: "files" }, large, file("pdf", "picture_pdf"), file("csv", "picture_csv")));
}

function calls(text) {
  const numbers = numbersIn(text).slice(0, MOST_CALLS);
  return numbers.length ? make("div", { class: "calls" }, ...numbers.map(callLink)) : null;
}

function alarm(kind, body, last, live) {
  const [heading, sign] = ALARMS[kind];
  const head = make("h2", { class: "alarm-head" }, icon(sign), said("span", heading));
  const inside = make("div", { class: "alarm-body" }, ...paragraphs(body, true), calls(body), note(last));
  return make("div", { class: "bubble", role: live ? "alert" : null }, head, inside);
}

function card(message, article, live) {
  const { level, headline, places, because, watch_for: watch } = message.card;
  const urgent = level === "E1" || level === "E2";
  const [first, more] = parted(headline);
  const words = [said("span", `level_${level}`), make("h2", {}, first), more && make("p", {}, more)].filter(Boolean);
  const head = make("div", { class: "card-head" }, icon(level), make("div", {}, ...words));
  const body = make("div", { class: "card-body" });
  if (urgent) body.append(calls(message.text) ?? "");
  const told = ({ why, ...at }) => place(because?.some((line) => line.includes(why)) ? at : { why, ...at });
  if (places?.length) body.append(part("card_where", ...places.map(told)));
  if (because?.length) body.append(part("card_because", list(because)));
  if (watch?.length) body.append(part("card_watch", list(watch)));
  const print = said("button", "card_print", { type: "button", class: "quiet print" });
  print.addEventListener("click", () => printOnly(article));
  body.append(make("div", { class: "card-foot" }, note(message.note), print));
  return make("div", { class: `bubble card level-${level}`, role: live && urgent ? "alert" : null }, head, body);
}

const part = (key, ...children) => make("section", {}, said("h3", key), ...children);
const list = (lines) => make("ul", {}, ...lines.map((line) => make("li", { dir: "auto" }, line)));

function place({ name, where, hours, why }) {
  const lines = [where, hours, why].filter(Boolean).map((line) => make("span", {}, line));
  return make("div", { class: "place" }, make("strong", {}, name), ...lines);
}

// What to do stands large; the rest of the headline below it. A point within a number or a name ends nothing.
function parted(headline) {
  const [, first = headline, more = ""] = /^(.+?(?:[.!?؟](?=\s)|[。！？]))\s*(\S.*)$/su.exec(headline) ?? [];
  return [first, more];
}

function printOnly(article) {
  article.classList.add("to-print");
  document.body.classList.add("printing");
  window.print();
  document.body.classList.remove("printing");
  article.classList.remove("to-print");
}

function choices(message, onChoice) {
  const group = make("fieldset", { class: "choices" }, said("legend", "choices"));
  message.buttons.forEach((button, index) => {
    const element = make("button", { type: "button", "data-payload": button.payload });
    if (message.buttons.length > 2) element.append(make("span", { class: "number" }, `${index + 1}`));
    element.append(make("span", {}, button.title));
    element.addEventListener("click", () => {
      if (element.disabled) return;
      closeChoices(group, element);
      onChoice(button);
    });
    group.append(element);
  });
  return group;
}

// After an answer the buttons show what was chosen and can be pressed no more.
export function closeChoices(group, chosen = null) {
  for (const button of group.querySelectorAll("button")) {
    button.disabled = true;
    if (button === chosen) button.setAttribute("aria-pressed", "true");
  }
}
