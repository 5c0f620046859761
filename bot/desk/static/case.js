// The open case: read from the server, shown in its parts, and acted on by one door.

import { get, newId, post } from "./api.js";
import { announce, button, find, icon, make } from "./dom.js";
import { showCard } from "./card.js";
import { Followup } from "./followup.js";
import { showHead } from "./head.js";
import * as panel from "./panel.js";
import { scheduledList } from "./panels.js";
import { showSummary } from "./summary.js";
import { t } from "./texts.js";
import { Thread } from "./thread.js";

const AGAIN_MS = 3000;

export class OpenCase {
  // `on` has: row(row), closed(id), left(), view(view), failed(sentence)
  constructor(me, composer, drafts, on) {
    this.me = me;
    this.composer = composer;
    this.drafts = drafts;
    this.on = on;
    this.view = null;
    this.id = null;
    this.run = 0;
    this.followup = new Followup({ ask: (name, one) => this.on.askFollowup(name, one), act: (body) => this.act("plan", { ...body, client_id: newId() }).catch((failure) => this.on.failed(failure.sentence)) });
    this.thread = new Thread(me.handle, { reveal: (key) => this.reveal(key), older: () => this.showOlder() });
  }

  async open(id, { from = "", key = "" } = {}) {
    const run = ++this.run;
    if (this.id !== id) this.leave();
    this.id = id;
    panel.close();
    const view = await get(`cases/${id}${from && `?from=${from}`}`).catch((failure) => void (run === this.run && this.refused(id, failure)));
    if (!view || run !== this.run) return false;
    this.drafts.load(id, view.draft);
    this.show(view);
    this.thread.start(view.thread);
    this.followup.load(id);
    if (key) await this.find(key);
    return true;
  }

  show(view) {
    this.view = view;
    find("glass").hidden = find("no-case").hidden = true;
    find("open-case").hidden = false;
    showSummary(view.summary, view.trace, this.on.summary);
    this.showParts();
    this.composer.show(view);
  }

  // What changes with every act.
  showParts() {
    showHead(this.view, this.on.commands());
    showCard(this.view, { open: this.on.open, reveal: (field) => this.reveal(field), scheduled: scheduledList((path, body) => this.act(path, body).catch((failure) => this.on.failed(failure.sentence)), this.view.scheduled), followup: this.followup.element });
    this.showPresence(this.view.row.presence);
  }

  showPresence(people) {
    if (!this.view) return;
    this.view.row.presence = people;
    find("case-presence")?.replaceChildren(...people.map((one) => make("span", { class: `present ${one.state}` }, t(`presence_${one.state}`, { name: one.name }))));
    this.composer.showTyping(people);
  }

  // The row came anew, by an answer or by the stream.
  setRow(row, can) {
    if (!this.view || row.id !== this.id || row.version < this.view.row.version) return;
    this.view = { ...this.view, row, can: can ?? this.view.can };
    this.showParts();
    this.composer.refresh(this.view);
  }

  async act(path, body = {}) {
    const { id } = this;
    const answer = await post(`cases/${id}/${path}`, body).catch((failure) => {
      if (failure.data?.row) this.took(failure.data.row);
      throw failure;
    });
    if (this.view && this.id === id && answer.scheduled) this.view.scheduled = answer.scheduled;
    if (answer.followup && this.id === id) this.followup.took(answer.followup);
    if (answer.row) this.took(answer.row, answer.can);
    else if (this.id === id && this.view) this.showParts();
    if (path === "close") this.on.closed(id);
    return answer;
  }

  took(row, can) {
    this.on.row(row);
    this.on.acted();
    this.setRow(row, can);
    if (row.id === this.id) this.catchUp();
  }

  // What may be done changes with who has the case, and only the server knows it.
  async again() {
    const { id, run } = this;
    const mark = this.drafts.mark();
    const view = await get(`cases/${id}`, { auto: true }).catch(() => null);
    if (!view || id !== this.id || run !== this.run || !this.view) return;
    if (JSON.stringify(view.summary) !== JSON.stringify(this.view.summary)) showSummary(view.summary, view.trace, this.on.summary);
    this.view = view;
    this.showParts();
    if (this.drafts.isStill(mark) && !this.composer.busy) {
      this.drafts.load(id, view.draft);
      this.composer.takeDrafts(view);
    }
    this.composer.refresh(view);
    this.seen(this.thread.update(view.thread));
  }

  // One reading at a time; what changes meanwhile makes another.
  async catchUp() {
    if (this.reading) {
      this.readAgain = true;
      return;
    }
    this.reading = true;
    const { id } = this;
    const answer = this.view && (await get(`cases/${id}/thread?after=${this.thread.after ?? ""}`, { auto: true }).catch((failure) => void this.soon(failure)));
    this.reading = false;
    if (answer && id === this.id && this.view) {
      this.seen(this.thread.update(answer));
      this.showPresence(answer.presence);
    }
    if (this.readAgain) {
      this.readAgain = false;
      await this.catchUp();
    }
  }

  // What the patient wrote must not be missing until something else happens.
  soon({ status }) {
    clearTimeout(this.timer);
    if (!status || status >= 500) this.timer = setTimeout(() => this.catchUp(), AGAIN_MS);
  }

  // A colleague wrote while a reply is being written here: said before it is sent.
  seen(fresh) {
    const theirs = fresh.filter((item) => item.kind === "nurse" && item.author && item.author.handle !== this.me.handle);
    if (theirs.length && this.composer.box("reply").value.trim()) this.composer.warn({ by: theirs[0].author, items: theirs });
    if (fresh.some((item) => item.kind === "patient")) this.followup.heard();
    // Written in another window of mine: it must not stand here to be sent once more.
    const mine = fresh.some((item) => ["nurse", "note"].includes(item.kind) && item.author?.handle === this.me.handle);
    if (mine && (this.composer.box("reply").value || this.composer.box("note").value)) this.again();
    if (fresh.some((item) => item.kind === "event" && CHANGES.has(item.what))) this.again();
  }

  async showOlder() {
    const { id } = this;
    const answer = await get(`cases/${id}/thread?before=${this.thread.older}`).catch(() => null);
    if (answer && id === this.id) this.thread.prepend(answer);
    return Boolean(answer);
  }

  // A hit of the search may stand far above.
  async find(key) {
    for (let page = 0; page < 20 && !this.thread.point(key); page++) {
      if (!this.thread.older || !(await this.showOlder())) return;
    }
  }

  async reveal(fieldOrKey) {
    const { id } = this;
    const answer = await post(`cases/${id}/reveal`, { field: fieldOrKey }).catch((failure) => void this.on.failed(failure.sentence));
    if (!answer || id !== this.id) return "";
    announce(t("masked_shown"));
    this.thread.show(fieldOrKey, answer.value);
    return answer.value;
  }

  refused(id, failure) {
    if (failure.status !== 403) {
      this.leave();
      this.on.failed(failure.sentence);
      return;
    }
    this.leave();
    this.id = id;
    find("no-case").hidden = true;
    find("glass").hidden = false;
    find("glass").replaceChildren(this.back(), ...(failure.data.glass ? this.glass(id) : [make("p", {}, failure.sentence)]));
    find("glass").querySelector("textarea")?.focus();
  }

  back() {
    return button([icon("back"), make("span", {}, t("back_to_queue"))], () => this.on.left(), { class: "quiet to-queue" });
  }

  glass(id) {
    const reason = make("textarea", { id: "glass-reason", rows: "3", maxlength: "500", dir: "auto", required: true });
    const problem = make("p", { class: "problem", role: "alert", hidden: true });
    const form = make("form", { class: "glass-form" }, make("h2", {}, t("glass_title")), make("p", {}, t("glass_text")),
      make("label", { for: "glass-reason" }, t("reason_label")), reason, problem, make("button", { class: "danger" }, icon("lock"), t("glass_do")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const words = reason.value.trim();
      const sentence = words ? await post(`cases/${id}/glass`, { reason: words }).then(() => "", (failure) => failure.sentence) : t("reason_needed");
      problem.textContent = sentence;
      problem.hidden = !sentence;
      if (!sentence) this.open(id);
    });
    return [form];
  }

  // Nothing of a patient stays on the screen when the case is left.
  leave() {
    this.id = this.view = null;
    panel.close();
    this.followup.clear();
    this.thread.clear();
    this.composer.view = null;
    this.composer.hideWrote();
    for (const place of ["summary", "case-head", "card", "glass"]) find(place).replaceChildren();
    for (const box of ["reply-text", "note-text"]) find(box).value = "";
    find("open-case").hidden = find("glass").hidden = true;
    find("no-case").hidden = false;
  }
}

const CHANGES = new Set(["raised", "claimed", "taken_over", "released", "closed", "reopened", "lease_ended", "assigned", "transferred", "blocked", "unblocked"]);
