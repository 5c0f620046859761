// The one table of what can be done: it binds the keys, it fills the sheet of "?", the palette, and the buttons of a case.

import { isAsleep } from "./row.js";
import { t } from "./texts.js";

// `keys`: pressed alone, or one after the other ("g q"); those with Ctrl also work while writing. `shown`: what the sheet says.
// `can`: whether it is possible with the open case; without it the command is not about a case. `button`: among its buttons.
export function table(desk) {
  const held = () => desk.view?.row.claimed_by && !desk.view.row.mine ? desk.view.row.claimed_by.name : "";
  const may = (act, more = () => true) => () => Boolean(desk.view?.can[act] && more(desk.view.row));
  const isOpen = (row) => row.state !== "closed";
  return [
    { id: "down", keys: ["j"], text: "key_down", run: () => desk.queue.move(1) },
    { id: "up", keys: ["k"], text: "key_up", run: () => desk.queue.move(-1) },
    { id: "open", keys: ["Enter"], text: "key_open", run: () => desk.queue.openChosen() },
    { id: "claim", keys: ["c"], text: "key_claim", name: "act_claim", can: may("claim", (row) => !row.mine && !held()), button: true, run: () => desk.claim() },
    { id: "take_over", keys: ["c"], hidden: true, name: "act_take_over", can: may("take_over", () => Boolean(held())), button: true, values: () => ({ name: held() }), run: () => desk.claim(true) },
    { id: "reply", keys: ["r"], text: "key_reply", can: may("reply", isOpen), run: () => desk.composer.choose("reply", true) },
    { id: "note", keys: ["n"], text: "key_note", can: may("note"), run: () => desk.composer.choose("note", true) },
    { id: "close", keys: ["e"], text: "key_close", name: "act_close", can: may("close", isOpen), button: true, run: () => desk.ask("closing") },
    { id: "snooze", keys: ["s"], text: "key_snooze", name: "act_snooze", can: may("snooze", (row) => isOpen(row) && !isAsleep(row)), button: true, run: () => desk.ask("snooze") },
    { id: "wake", keys: ["s"], hidden: true, name: "act_wake", can: may("snooze", (row) => isOpen(row) && isAsleep(row)), button: true, run: () => desk.act("wake", "done_ok") },
    { id: "assign", keys: ["a"], text: "key_assign", name: "act_assign", can: may("assign", isOpen), button: true, run: () => desk.ask("assign") },
    { id: "transfer", keys: ["d"], text: "key_transfer", name: "act_transfer", can: may("transfer", isOpen), button: true, run: () => desk.ask("transfer") },
    { id: "urgent", keys: ["u"], text: "key_urgent", name: "act_urgent", can: may("urgent", (row) => isOpen(row) && row.level !== "E1"), button: true, run: () => desk.ask("urgent") },
    { id: "enrol", keys: ["f"], text: "key_enrol", name: "act_enrol", can: may("enrol"), button: true, run: () => desk.askFollowup("enrol") },
    { id: "release", keys: [], text: "act_release", name: "act_release", can: may("release", (row) => row.mine && isOpen(row)), button: true, run: () => desk.act("release", "released_ok") },
    { id: "reopen", keys: [], text: "act_reopen", name: "act_reopen", can: may("reopen", (row) => !isOpen(row)), button: true, run: () => desk.act("reopen", "done_ok") },
    { id: "block", keys: [], text: "act_block", name: "act_block", can: may("block", (row) => !row.blocked), button: true, run: () => desk.ask("block") },
    { id: "unblock", keys: [], text: "act_unblock", name: "act_unblock", can: may("block", (row) => row.blocked), button: true, run: () => desk.act("unblock", "done_ok") },
    { id: "schedule", keys: [], text: "act_schedule", can: may("reply", isOpen), run: () => desk.ask("schedule") },
    { id: "save_text", keys: [], text: "act_save_text", can: () => Boolean(desk.view && desk.composer.box("reply").value.trim()), run: () => desk.ask("saveText") },
    { id: "undo", keys: ["z"], text: "key_undo", run: () => desk.undo.run() },
    { id: "card", keys: [], text: "show_card", can: () => Boolean(desk.view), run: () => desk.showColumn("card") },
    { id: "search", keys: ["/"], text: "key_search", run: () => desk.search.focus() },
    { id: "queue", keys: ["g q"], text: "key_queue", run: () => desk.toQueue() },
    { id: "handover", keys: ["g h"], text: "nav_handover", run: () => location.assign("/desk/handover") },
    { id: "help", keys: ["?"], text: "key_help", run: () => desk.sheet.showKeys() },
    { id: "palette", keys: ["Ctrl+K"], text: "key_palette", always: true, run: () => desk.sheet.showPalette() },
    { id: "send", keys: ["Ctrl+Enter"], text: "key_send", always: true, run: () => desk.composer.submit() },
    { id: "leave", keys: ["Escape"], text: "key_leave", always: true, run: () => desk.leave() },
  ];
}

export class Commands {
  constructor(desk) {
    this.all = table(desk).map((command) => ({ ...command, label: () => t(command.name ?? command.text, command.values?.() ?? {}) }));
  }

  possible(command) {
    return command.can ? command.can() : true;
  }

  // The buttons of the open case, in the order of the table.
  ofCase() {
    return this.all.filter((command) => command.button && this.possible(command));
  }

  run(id) {
    const command = this.all.find((one) => one.id === id);
    if (command && this.possible(command)) command.run();
  }

  // Of several with the same key the one that is possible now.
  withKey(key) {
    const found = this.all.filter((command) => command.keys.includes(key));
    return found.find((command) => this.possible(command)) ?? null;
  }

  hasPrefix(key) {
    return this.all.some((command) => command.keys.some((one) => one.startsWith(`${key} `)));
  }
}
