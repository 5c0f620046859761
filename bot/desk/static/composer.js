// Reply and note: two boxes, two colours, two buttons, two calls. The mode is changed by the nurse and by nothing else.

import { newId, post } from "./api.js";
import { button, fill, find, make } from "./dom.js";
import { windowLeft } from "./row.js";
import { has, languageName, page, t } from "./texts.js";

const MODES = ["reply", "note"];
const PLACEHOLDER = /\{[^{}\n]{1,40}\}/g;
const URGENT = new Set(["E1", "E2"]);

export class Composer {
  // `on` has: sent(id, answer), noted(id, answer), failed(failure, id, whether its sentence is shown here), typed(), version()
  constructor(drafts, on) {
    this.drafts = drafts;
    this.on = on;
    this.mode = "reply";
    this.view = null;
    this.ids = new Map(); // "17:reply" -> {text, id}: the same words sent again are the same reply
    this.busy = false;
    for (const mode of MODES) this.setUp(mode);
  }

  setUp(mode) {
    const box = this.box(mode);
    find(`tab-${mode}`).addEventListener("click", () => this.choose(mode, true));
    find(`tab-${mode}`).addEventListener("keydown", (event) => this.arrows(event));
    find(`pane-${mode}`).addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    box.addEventListener("input", () => {
      if (this.view) this.drafts.write(this.view.row.id, mode, box.value);
      this.grow(box);
      this.problem(mode, "");
      this.on.typed();
    });
  }

  box(mode = this.mode) {
    return find(`${mode}-text`);
  }

  arrows(event) {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    this.choose(this.mode === "reply" ? "note" : "reply", false);
    find(`tab-${this.mode}`).focus();
  }

  choose(mode, focus) {
    this.mode = mode;
    find("composer").dataset.mode = mode;
    for (const one of MODES) {
      find(`pane-${one}`).hidden = one !== mode;
      find(`tab-${one}`).setAttribute("aria-selected", String(one === mode));
      find(`tab-${one}`).tabIndex = one === mode ? 0 : -1;
    }
    this.grow(this.box());
    if (focus) this.box().focus();
  }

  // Another case: its own drafts, in the mode that the nurse is in.
  show(view) {
    this.view = view;
    this.hideWrote();
    for (const mode of MODES) {
      this.box(mode).value = this.drafts.get(view.row.id, mode);
      this.grow(this.box(mode));
      this.problem(mode, "");
    }
    this.refresh(view);
  }

  // What was written or sent in another window of the same nurse; what is being typed here stays.
  takeDrafts({ row }) {
    for (const mode of MODES) {
      const text = this.drafts.get(row.id, mode);
      if (this.box(mode).value === text) continue;
      this.box(mode).value = text;
      this.grow(this.box(mode));
      if (mode === this.mode) this.setDraftState(text ? "saved" : "");
    }
  }

  refresh(view) {
    this.view = view;
    const { row, can } = view;
    const blocked = row.state === "closed" ? "reply_closed" : can.reply ? "" : "reply_not_yours";
    find("reply-blocked").hidden = !blocked;
    find("reply-blocked").textContent = blocked ? t(blocked) : "";
    this.box("reply").disabled = find("send-reply").disabled = Boolean(blocked);
    find("snippets-open").disabled = find("schedule-open").disabled = Boolean(blocked);
    this.box("note").disabled = find("save-note").disabled = !can.note;
    this.box("reply").placeholder = t("reply_placeholder", { language: languageName(row.language) });
    this.showWindow(view, blocked);
    const claims = !row.mine && !blocked ? [t("reply_claims")] : [];
    find("reply-hint").textContent = [...claims, t("send_hint")].join(" · ");
  }

  // Whether a reply can arrive at all is said before it is written.
  showWindow({ window: reach, row }, blocked) {
    const advice = reach?.advice && has(`advice_${reach.advice}`) ? t(`advice_${reach.advice}`) : "";
    const left = typeof reach?.left === "number" ? t("window_left", { n: reach.left }) : "";
    const words = [reach?.gone ? null : windowLeft(reach?.closes_at ?? row.window_closes_at), left, advice && make("strong", {}, advice)].filter(Boolean);
    fill(find("reply-window"), ...words.map((word) => make("span", {}, word)));
    find("reply-window").hidden = Boolean(blocked) || !words.length;
    find("reply-window").dataset.advice = reach?.advice ?? "";
  }

  setDraftState(state) {
    find("draft-state").textContent = state ? t(`draft_${state}`) : "";
    find("draft-state").dataset.state = state;
  }

  submit(anyway = false) {
    if (this.busy || !this.view) return;
    if (this.mode === "note") this.saveNote();
    else this.sendReply(anyway);
  }

  idOf(key, text) {
    if (this.ids.get(key)?.text !== text) this.ids.set(key, { text, id: newId() });
    return this.ids.get(key).id;
  }

  async sendReply(anyway) {
    const { row } = this.view;
    const text = this.box("reply").value.trim();
    if (this.box("reply").disabled || !text) return;
    if (!anyway && !find("wrote").hidden) return find("wrote-send").focus();
    const left = text.match(PLACEHOLDER);
    if (left) return this.fillIn(left[0]);
    if (text.length > page.limit) return this.problem("reply", t("error_long", { limit: page.limit }));
    const asked = { text, client_id: this.idOf(`${row.id}:reply`, text), seen: this.on.version() };
    if (anyway) asked.anyway = true;
    if (row.crisis || URGENT.has(row.level)) asked.urgent = true;
    await this.send(row.id, "reply", asked, (answer) => this.on.sent(row.id, answer));
  }

  async saveNote() {
    const { row } = this.view;
    const text = this.box("note").value.trim();
    if (!text) return;
    const asked = { text, client_id: this.idOf(`${row.id}:note`, text) };
    await this.send(row.id, "note", asked, (answer) => this.on.noted(row.id, answer));
  }

  async send(id, mode, asked, done) {
    this.busy = true;
    this.hideWrote();
    find(`pane-${mode}`).setAttribute("aria-busy", "true");
    try {
      const answer = await post(`cases/${id}/${mode}`, asked);
      this.ids.delete(`${id}:${mode}`);
      const typed = this.drafts.get(id, mode);
      this.drafts.clear(id, mode);
      if (this.view?.row.id === id) this.empty(mode, asked.text);
      else if (typed.trim() !== asked.text) this.drafts.write(id, mode, typed);
      done(answer);
    } catch (failure) {
      const isHere = this.view?.row.id === id;
      if (isHere && failure.error === "colleague_wrote") this.warn(failure.data);
      else if (isHere) this.problem(mode, failure.sentence);
      this.on.failed(failure, id, isHere);
    } finally {
      this.busy = false;
      find(`pane-${mode}`).removeAttribute("aria-busy");
    }
  }

  // What was typed while the words were on their way stays.
  empty(mode, sent) {
    const box = this.box(mode);
    box.value = box.value.trim() === sent ? "" : box.value;
    if (box.value) this.drafts.write(this.view.row.id, mode, box.value);
    this.grow(box);
    this.problem(mode, "");
  }

  // A colleague was quicker: their words stand above ours, and nothing is sent until the nurse says so.
  warn({ sentence, by, items }) {
    const words = (items ?? []).map((item) => make("blockquote", { dir: "auto", lang: item.language }, item.text));
    find("wrote").replaceChildren(
      make("p", {}, make("strong", {}, by ? t("wrote_title", { name: by.name }) : sentence)), ...words,
      make("div", { class: "row-buttons" },
        button(t("keep_editing"), () => (this.hideWrote(), this.box("reply").focus()), { class: "quiet", id: "wrote-keep" }),
        button(t("send_anyway"), () => this.submit(true), { class: "strong", id: "wrote-send" })));
    find("wrote").hidden = false;
  }

  hideWrote() {
    find("wrote").hidden = true;
    find("wrote").replaceChildren();
  }

  fillIn(placeholder) {
    const box = this.box("reply");
    const at = box.value.indexOf(placeholder);
    box.focus();
    box.setSelectionRange(at, at + placeholder.length);
    this.problem("reply", t("placeholder_left", { what: placeholder }));
  }

  // A reply was taken back: its words are in the box again, before what was written since.
  putBack(id, text) {
    const rest = this.drafts.get(id, "reply");
    const whole = rest && rest !== text ? `${text}\n${rest}` : text;
    this.drafts.write(id, "reply", whole);
    if (this.view?.row.id !== id) return;
    this.box("reply").value = whole;
    this.grow(this.box("reply"));
  }

  // It will be sent later: the box is free for something else.
  scheduled(id, text) {
    this.drafts.write(id, "reply", "");
    if (this.view?.row.id === id) this.empty("reply", text);
  }

  problem(mode, sentence) {
    find(`${mode}-problem`).textContent = sentence;
    find(`${mode}-problem`).hidden = !sentence;
  }

  showTyping(people) {
    const names = people.filter((one) => one.state === "typing").map((one) => t("presence_typing", { name: one.name }));
    if (find("typing").textContent !== names.join(" · ")) find("typing").textContent = names.join(" · ");
  }

  // An empty box runs the way of the page, as its placeholder does; words run their own way.
  grow(box) {
    box.dir = box.value ? "auto" : page.dir;
    box.style.height = "";
    if (box.value) box.style.height = `${Math.min(box.scrollHeight + 2, window.innerHeight * 0.4)}px`;
  }
}
