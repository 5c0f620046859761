// Keys and the palette of the studio, from one table: what a room gives, and the way to the other rooms.
// A command: { id, keys: ["j"] or ["g i"], text: key of its phrase, run(), possible?() }.

import { Keys } from "/static/desk/keys.js";
import { Sheet } from "/static/desk/sheet.js";
import { page, t } from "/static/desk/texts.js";
import { put } from "./calls.js";
import { failed } from "./toast.js";

const TO_ROOMS = { start: "g s", inbox: "g i", training: "g t", texts: "g r", faq: "g q", clinical: "g c", changes: "g h", releases: "g p", try: "g y", numbers: "g n", exchange: "g x" };

class Commands {
  constructor(commands) {
    this.all = commands.map((command) => ({ ...command, label: () => t(command.text) }));
  }

  possible(command) {
    return command.possible ? command.possible() : true;
  }

  run(id) {
    const command = this.all.find((one) => one.id === id);
    if (command && this.possible(command)) command.run();
  }

  withKey(key) {
    return this.all.find((command) => command.keys.includes(key) && this.possible(command)) ?? null;
  }

  hasPrefix(key) {
    return this.all.some((command) => command.keys.some((one) => one.startsWith(`${key} `)));
  }
}

export function bind(own) {
  let isOn = page.shortcuts;
  const rooms = [...document.querySelectorAll(".rooms-list a")].map((link) => ({ id: `room_${link.dataset.room}`, keys: [TO_ROOMS[link.dataset.room]], text: `room_${link.dataset.room}`, run: () => link.click() }));
  const commands = new Commands([...own, ...rooms,
    { id: "help", keys: ["?"], text: "key_help", run: () => sheet.showKeys() },
    { id: "palette", keys: ["Ctrl+K"], text: "key_palette", always: true, run: () => sheet.showPalette() }]);
  const single = (wanted) => {
    isOn = wanted;
    put("shortcuts", { shortcuts: wanted }).catch(failed);
  };
  const sheet = new Sheet(commands, { single, isSingle: () => isOn });
  return new Keys(commands, () => isOn);
}
