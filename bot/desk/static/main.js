// Puts the desk together.

import { get, out, post, put } from "./api.js";
import { Alerts } from "./alerts.js";
import { OpenCase } from "./case.js";
import { Commands } from "./commands.js";
import { Composer } from "./composer.js";
import { announce, find } from "./dom.js";
import { Drafts } from "./drafts.js";
import * as followup from "./followup_panels.js";
import { isWriting, Keys } from "./keys.js";
import { Line } from "./line.js";
import { watchLock } from "./lock.js";
import * as panel from "./panel.js";
import * as panels from "./panels.js";
import { Presence } from "./presence.js";
import { Queue } from "./queue.js";
import { Search } from "./search.js";
import { Sheet } from "./sheet.js";
import { Shift } from "./shift.js";
import { Snippets } from "./snippets.js";
import { t } from "./texts.js";
import { setNow } from "./times.js";
import { Undo } from "./undo.js";

const RENEW_MS = 120_000; // the claim itself lasts some minutes more

class Desk {
  constructor(me) {
    this.me = me;
    this.commands = new Commands(this);
    this.queue = new Queue(me, { open: (id) => this.open(id), filters: (queue) => this.prefer({ queue }), resume: (number) => (this.resume = number) });
    this.drafts = new Drafts({ state: (id, state) => id === this.id && this.composer.setDraftState(state) });
    this.composer = new Composer(this.drafts, {
      sent: (id, answer) => this.sent(id, answer), noted: (id, answer) => this.noted(id, answer), failed: (failure, id, isSaid) => this.failed(failure, id, isSaid),
      typed: () => this.presence.typed(), version: () => this.case.thread.version,
    });
    this.case = new OpenCase(me, this.composer, this.drafts, {
      row: (row) => this.queue.put(row), open: (id) => this.open(id), closed: (id) => this.closed(id), left: () => this.toQueue(), failed: (sentence) => this.tell(sentence), askFollowup: (name, one) => this.askFollowup(name, one), commands: () => this.commands,
      acted: () => this.queue.lookSoon(300), summary: { isOpen: () => this.me.preferences.summary ?? (innerWidth > 768 && innerHeight > 700), toggled: (open) => this.remember("summary", open) },
    });
    this.snippets = new Snippets(find("reply-text"), () => this.view?.row);
    this.undo = new Undo({ undone: (id, answer) => this.undone(id, answer), late: (sentence) => this.tell(sentence) });
    this.presence = new Presence({ present: (id, people) => id === this.id && this.case.showPresence(people) });
    this.search = new Search({ open: (id, key) => this.open(id, { from: "search", key }), closed: () => this.queue.focus() });
    this.sheet = new Sheet(this.commands, { isSingle: () => this.singleKeys, single: (on) => this.prefer({ shortcuts: on }) });
    this.keys = new Keys(this.commands, () => this.singleKeys);
    this.alerts = new Alerts(me.preferences.sound === false, { open: (id) => this.open(id), muted: (muted) => this.prefer({ sound: !muted }) });
    this.shift = new Shift({ longer: () => this.setDuty("on"), told: (sentence) => this.tell(sentence) });
    this.line = new Line({ frame: (name, data) => this.heard(name, data), up: (isUp) => this.showLine(isUp) });
    this.setUp();
  }

  get view() {
    return this.case.view;
  }

  get id() {
    return this.case?.id ?? null;
  }

  get singleKeys() {
    return this.me.preferences.shortcuts !== false;
  }

  setUp() {
    find("duty").addEventListener("change", (event) => this.setDuty(event.target.value));
    find("snippets-open").addEventListener("click", () => this.snippets.open());
    find("schedule-open").addEventListener("click", () => this.ask("schedule"));
    for (const menu of document.querySelectorAll("details.menu")) menu.addEventListener("focusout", (event) => menu.contains(event.relatedTarget) || !event.relatedTarget || (menu.open = false));
    setInterval(() => this.renew(), RENEW_MS);
    window.addEventListener("popstate", () => this.fromAddress());
    watchLock(this);
  }

  async start() {
    this.shift.show(this.me);
    await this.queue.load();
    this.line.open(this.resume);
    await this.fromAddress();
    document.documentElement.dataset.ready = "yes";
  }

  // The address holds the number of the case inside this installation, and nothing of the patient.
  fromAddress() {
    const id = Number(new URLSearchParams(location.search).get("case"));
    return id ? this.open(id, { push: false }) : this.toQueue({ push: false, focus: document.documentElement.dataset.ready === "yes" });
  }

  async open(id, { push = true, ...how } = {}) {
    if (push && String(id) !== new URLSearchParams(location.search).get("case")) history.pushState(null, "", `/desk?case=${id}`);
    this.showColumn("case");
    this.snippets.reset();
    this.queue.setOpened(id);
    this.presence.enter(id);
    const opened = await this.case.open(id, how);
    if (!opened) {
      if (this.id !== id) this.presence.leave();
      return;
    }
    this.composer.setDraftState(this.drafts.get(id, this.composer.mode) ? "saved" : "");
    if (!isWriting(document.activeElement)) find("case-title")?.focus({ preventScroll: true });
  }

  toQueue({ push = true, focus = true } = {}) {
    if (push && location.search) history.pushState(null, "", "/desk");
    this.showColumn("queue");
    this.presence.leave();
    this.case.leave();
    this.queue.setOpened(null);
    if (focus) this.queue.focus();
  }

  // On a phone one column at a time; on a desktop the focus goes there.
  showColumn(name) {
    find("main").dataset.view = name;
    if (name === "card") find("card").focus();
  }

  leave() {
    if (this.snippets.isOpen) return this.snippets.close();
    if (panel.isOpen()) return panel.close();
    if (this.search.isOpen) return this.search.leave();
    if (find("main").dataset.view === "card") return this.showColumn("case");
    const menu = document.querySelector("details.menu[open]");
    if (menu) return (menu.open = false), menu.querySelector("summary").focus();
    if (isWriting(document.activeElement)) return (find("case-title") ?? find("queue")).focus({ preventScroll: true });
    return this.toQueue();
  }

  async act(path, done) {
    try {
      await this.case.act(path);
      announce(t(done));
    } catch (failure) {
      this.tell(failure.sentence);
    }
  }

  // Who reads or writes in a case of theirs keeps it; who has gone away does not.
  renew() {
    if (this.view?.row.mine && this.presence.state() !== "idle") post(`cases/${this.id}/renew`, {}, { auto: true }).catch(() => {});
  }

  async claim(takeOver = false) {
    const answer = await this.case.act("claim", takeOver ? { take_over: true } : {}).catch((failure) => void this.tell(failure.sentence));
    if (answer) announce(t("claimed_ok"));
  }

  // The panel of an act, above the boxes.
  async ask(name) {
    if (!this.view) return;
    const act = (path, body) => this.case.act(path, body).then((answer) => (announce(t("done_ok")), answer));
    const { row } = this.view;
    if (name === "saveText") return panels.saveText((path, body) => post(path, body).then(() => this.snippets.reset()), row, this.composer.box("reply").value.trim());
    if (name === "schedule") return panels.schedule(act, row, this.composer);
    await Promise.resolve(panels[name](act, row, this.view)).catch((failure) => this.tell(failure.sentence));
  }

  // The panels of follow-up: on the card's buttons, and `enrol` also as a command. On a phone they stand in the column of the case.
  askFollowup(name, one) {
    const { view } = this.case.followup;
    if (!view) return this.tell(t("follow_failed"));
    if (find("main").dataset.view === "card") this.showColumn("case");
    const act = (path, body) => this.case.act(path, body).then((answer) => (announce(t(path === "enrol" ? "enrol_asked_ok" : "done_ok")), answer));
    if (name === "enrol") followup.enrol(act, view);
    else followup[name](act, one, view.values[one.plan] ?? []);
  }

  sent(id, answer) {
    announce(t("reply_sent"));
    this.presence.stopped();
    this.undo.offer(id, answer);
    this.case.took(answer.row, answer.can);
  }

  noted(id, answer) {
    announce(t("note_saved"));
    this.presence.stopped();
    this.case.took(answer.row, answer.can);
  }

  // Who has gone on to another case meanwhile must hear that this one was not answered.
  failed(failure, id, isSaid) {
    if (!isSaid) this.tell(`A${id} · ${failure.sentence}`);
    if (failure.data?.row) this.case.took(failure.data.row);
  }

  undone(id, answer) {
    this.composer.putBack(id, answer.text);
    this.case.took(answer.row, answer.can);
    if (this.id === id) this.composer.choose("reply", true);
  }

  closed(id) {
    const next = this.queue.after(id);
    announce(t("closed_ok", { number: `A${id}` }));
    this.queue.remove(id);
    if (next) this.open(next);
    else this.toQueue();
  }

  async setDuty(duty) {
    try {
      this.me = await post("me/duty", { duty, until: null });
      this.shift.show(this.me);
      const mine = this.queue.counts?.mine;
      if (duty === "off" && mine) this.tell(t("off_with_cases", { n: mine }));
    } catch (failure) {
      find("duty").value = this.me.duty;
      this.tell(failure.sentence);
    }
  }

  async prefer(change) {
    this.me.preferences = { ...this.me.preferences, ...change };
    await put("me/preferences", change).catch(() => {});
  }

  remember(name, value) {
    if (this.me.preferences[name] !== value) this.prefer({ [name]: value });
  }

  heard(name, data) {
    const hear = {
      queue: () => this.row(data.row),
      gone: () => this.gone(data.id),
      thread: () => data.id === this.id && this.case.catchUp(),
      presence: () => (this.queue.setPresence(data.id, data.presence), data.id === this.id && this.case.showPresence(data.presence)),
      duty: () => this.queue.showDuty(data.on_duty),
      page: () => this.alerts.page(data),
      beat: () => this.beat(data.now),
      resync: () => this.resync(),
      end: () => this.ended(data.why),
    };
    hear[name]?.();
  }

  beat(now) {
    if (now) setNow(now);
    this.shift.look();
  }

  row(row) {
    this.queue.put(row);
    this.alerts.settled(row);
    this.case.setRow(row);
  }

  gone(id) {
    this.queue.remove(id);
    if (id !== this.id || !this.view) return;
    this.toQueue();
    this.tell(t("not_yours"));
  }

  resync() {
    this.queue.load();
    if (this.view) this.case.again();
  }

  ended(why) {
    if (why === "locked" || why === "signed_out") out(why);
    else if (why === "changed") location.reload();
    else this.line.lost();
  }

  showLine(isUp) {
    find("line").hidden = isUp;
    announce(t(isUp ? "line_back" : "line_lost"));
    if (!isUp) return;
    this.queue.load();
    if (this.view) this.case.catchUp();
  }

  // A sentence that has to be seen, where the nurse looks.
  tell(sentence) {
    find("notice").textContent = sentence;
    find("notice").hidden = false;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => (find("notice").hidden = true), 8000);
  }

  stop() {
    this.drafts.saveAll();
    this.undo.hide();
    this.line.close();
    this.presence.leave();
  }
}

const me = await get("me", { auto: true }).catch(() => null);
if (me) await new Desk(me).start();
