// Puts the page together.

import { forget } from "./api.js";
import { Line } from "./line.js";
import { Log } from "./log.js";
import { Outgoing } from "./outgoing.js";
import { local } from "./storage.js";
import { setUpOptions } from "./options.js";
import { current, speak, t } from "./texts.js";

const find = (id) => document.getElementById(id);
const text = find("text");
const SCENE = /^(?:s_[a-z2-7]{16}|e_[a-z2-7]{29})$/; // of a place, or of a plan
const start = new URLSearchParams(location.search).get("start") ?? "";

const options = setUpOptions({ onNew: startAnew });
const log = new Log({ log: find("log"), scroll: find("scroll"), newest: find("newest") }, { choice: press, retry: () => outgoing.run() });
const outgoing = new Outgoing({ state: showState, stored });
const line = new Line({
  history: (own, messages) => {
    log.addHistory(own, messages);
    const last = messages.at(-1);
    if (last && !options.chosenLanguage()) follow(last.language);
  },
  message: (message) => {
    log.addTheirs(message, { live: true });
    follow(message.language);
  },
  typing: showTyping,
  up: (isUp) => (find("line").hidden = isUp),
});

// What the person chose goes with each message; without a choice the gateway reads the language from the words.
function submit(words, payload = "") {
  const chosen = { language: options.chosenLanguage(), region: options.chosenRegion() };
  const message = outgoing.add({ text: words, payload, ...chosen });
  showProblem("");
  log.addOwn(message, "sending");
  outgoing.run();
}

// A poster led here: its code is a message without a word, sent once.
function scanned(scene) {
  const chosen = { language: options.chosenLanguage(), region: options.chosenRegion() };
  outgoing.add({ text: "", payload: "", scene, ...chosen });
  const left = new URLSearchParams(location.search);
  left.delete("start");
  history.replaceState(null, "", `${location.pathname}${String(left) && `?${left}`}`);
}

function press(button) {
  submit(button.title, button.payload);
  text.focus({ preventScroll: true });
}

function stored(message) {
  log.setState(message, "stored");
  showProblem("");
  if (!line.isOpen) line.open();
}

function showState(message, state, sentence) {
  if (state === "refused") {
    log.remove(message);
    if (!message.payload && !text.value) text.value = message.text;
    grow();
    showProblem(sentence || t("error_format"));
  } else {
    log.setState(message, state, sentence);
    if (sentence) showProblem(sentence);
  }
}

function showProblem(sentence) {
  find("problem").textContent = sentence;
  find("problem").hidden = !sentence;
}

function showTyping(on) {
  find("typing").classList.toggle("on", on);
  find("typing-text").textContent = on ? t("typing") : "";
  if (on && log.isNear()) log.toEnd();
}

// The page speaks the language of the conversation, so that nobody has to look for the switch.
async function follow(language) {
  if (!language || language === current().language || outgoing.waiting.length) return;
  if (options.chosenLanguage()) options.chooseLanguage(language);
  if (await speak(language)) options.refresh();
}

async function startAnew() {
  try {
    await forget();
  } catch {
    find("line").hidden = false;
    return;
  }
  line.restart();
  outgoing.clear();
  log.clear();
  showTyping(false);
  showProblem("");
  text.value = "";
  grow();
  text.focus();
}

function grow() {
  text.style.height = "";
  if (text.value) text.style.height = `${text.scrollHeight + 2}px`;
}

find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  if (words.length > current().limit) {
    showProblem(t("error_long", { limit: current().limit }));
    return;
  }
  text.value = "";
  grow();
  submit(words);
  text.focus({ preventScroll: true });
});

// Enter sends, Shift+Enter makes a line; while a Chinese word is being composed Enter belongs to the keyboard.
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  find("form").requestSubmit();
});
text.addEventListener("input", grow);
window.addEventListener("online", () => outgoing.run());

const remembered = local.get("daozhen.language");
const asked = new URLSearchParams(location.search).get("lang");
if (SCENE.test(start)) scanned(start);
if (!asked && remembered && (await speak(remembered))) options.refresh();
if (text.value) {
  // An example was filled in by the address: a reload must not fill it in again.
  history.replaceState(null, "", asked ? `${location.pathname}?lang=${asked}` : location.pathname);
  text.focus();
}
grow();
await line.open();
for (const message of outgoing.waiting) if (!message.scene) log.addOwn(message, "sending");
outgoing.run();
document.documentElement.dataset.ready = "yes";
