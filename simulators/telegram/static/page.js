// Shows the simulated Telegram to one person at a time, as a client would: each paragraph by its own direction, texts only.
const $ = (id) => document.getElementById(id);
const chosen = { person: 0, chat: 0, reply: 0 };
let world = null, waiting = "";

async function deed(name, data) {
  const answer = await fetch(`/deed/${name}`, {
    method: "POST", headers: { "Content-Type": "application/json", "X-Simulator": "1" },
    body: JSON.stringify({ person: chosen.person, chat: chosen.chat, ...data }),
  });
  const done = await answer.json();
  if (done.error) toast(done.error);
  if (done.query) waiting = done.query;
  return done;
}

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").hidden = true; }, 4000);
}

// The stretches of one line with their looks; offsets count UTF-16 units, as JavaScript does.
function line(text, start, entities) {
  const element = make("div", { className: "line", dir: "auto" });
  const cuts = new Set([0, text.length]);
  for (const { offset, length } of entities) for (const at of [offset - start, offset + length - start]) if (at > 0 && at < text.length) cuts.add(at);
  const places = [...cuts].sort((a, b) => a - b);
  places.slice(0, -1).forEach((from, index) => {
    let node = document.createTextNode(text.slice(from, places[index + 1]));
    for (const { type, offset, length } of entities) {
      if (offset <= from + start && from + start < offset + length && (type === "bold" || type === "italic"))
        node = make(type === "bold" ? "b" : "i", {}, node);
    }
    element.append(node);
  });
  return element;
}

function words(message) {
  const text = message.text ?? message.caption ?? "";
  let start = 0;
  return text.split("\n").map((part) => {
    const element = line(part, start, message.entities ?? message.caption_entities ?? []);
    start += part.length + 1;
    return element;
  });
}

const media = (message) => message.photo ? "[picture]" : message.voice ? "[voice message]" : message.sticker ? "[sticker]" : "";

function keys(message) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  const buttons = rows.flat().map((key) => make("button", {
    type: "button", dir: "auto", textContent: key.url ? `${key.text} ↗` : key.text, title: key.url ?? "",
    onclick: () => key.url ? follow(key.url) : deed("press", { message: message.message_id, data: key.callback_data }),
  }));
  return buttons.length ? [make("div", { className: "keys" }, ...buttons)] : [];
}

async function follow(url) {
  const start = new URL(url).searchParams.get("start") ?? "";
  chosen.chat = chosen.person;
  await deed("follow", { start });
}

function bubble(message) {
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return make("li", { className: "note", textContent: "The group has a new id." });
  const mine = message.from.id === chosen.person;
  const item = make("li", { className: mine ? "mine" : "" });
  if (!mine) item.append(make("div", { className: "who", textContent: message.from.first_name }));
  if (message.forward_origin) item.append(make("div", { className: "quote", textContent: `Forwarded from ${message.forward_origin.sender_user_name}` }));
  if (message.reply_to_message) item.append(make("div", { className: "quote", dir: "auto", textContent: message.reply_to_message.text ?? "…" }));
  if (media(message)) item.append(make("div", { textContent: media(message) }));
  item.append(...words(message), ...keys(message));
  const more = make("div", { className: "more" }, message.edit_date && mine ? "edited" : "");
  more.append(make("button", { type: "button", textContent: "reply", onclick: () => reply(message) }));
  if (mine && (message.text || message.caption)) more.append(make("button", { type: "button", textContent: "edit", onclick: () => edit(message) }));
  item.append(more);
  return item;
}

function reply(message) {
  chosen.reply = message.message_id;
  $("reply").hidden = false;
  $("reply").firstElementChild.textContent = `Reply to: ${(message.text ?? "…").slice(0, 60)}`;
  $("text").focus();
}

function edit(message) {
  const text = prompt("Change to", message.text ?? message.caption);
  if (text) deed("edit", { message: message.message_id, text });
}

function tools(chat, person) {
  const tool = (title, name, data) => make("button", { type: "button", textContent: title, onclick: () => deed(name, data) });
  if (chat.type === "private") return person.blocked ? [tool("Unblock", "unblock")] : [tool("Block", "block")];
  const standing = { left: ["Add the bot", "member"], kicked: ["Add the bot", "member"], member: ["Make it admin", "administrator"], administrator: ["Make it a member", "member"] };
  const [title, status] = standing[chat.bot];
  const list = [tool(title, "bot", { status })];
  if (chat.bot === "member" || chat.bot === "administrator") list.push(tool("Remove the bot", "bot", { status: "kicked" }));
  return list;
}

function show() {
  const person = world.people.find((one) => one.id === chosen.person) ?? world.people[0];
  chosen.person = person.id;
  const chats = world.chats.filter((chat) => chat.type !== "private" || chat.id === person.id);
  const chat = chats.find((one) => one.id === chosen.chat) ?? chats.find((one) => one.id === person.id);
  chosen.chat = chat.id;
  $("who").replaceChildren(...world.people.map((one) => make("option", { value: one.id, textContent: `${one.name} (${one.language})`, selected: one.id === person.id })));
  $("chats").replaceChildren(...chats.map((one) => make("li", {}, make("button", {
    type: "button", ariaCurrent: String(one.id === chat.id), textContent: one.type === "private" ? world.bot.first_name : one.title,
    onclick: () => { chosen.chat = one.id; chosen.reply = 0; show(); },
  }))));
  $("title").textContent = chat.type === "private" ? `${world.bot.first_name} · @${world.bot.username}` : chat.title;
  $("tools").replaceChildren(...tools(chat, person));
  const list = $("messages"), before = list.childElementCount + list.dataset.chat;
  list.replaceChildren(...chat.messages.map(bubble));
  list.dataset.chat = chat.id;
  if (before !== list.childElementCount + String(chat.id)) list.scrollTop = list.scrollHeight;
  $("status").textContent = `${world.webhook.url ? "webhook" : "polling"} · ${world.webhook.pending_update_count} waiting · ${world.throttled} × 429`;
  if (waiting && world.toasts[waiting] !== undefined) { if (world.toasts[waiting]) toast(world.toasts[waiting]); waiting = ""; }
}

async function watch() {
  for (;;) {
    try {
      world = await (await fetch(`/state?since=${world ? world.version : -1}`)).json();
      show();
    } catch { await new Promise((done) => setTimeout(done, 1000)); }
  }
}

async function send(name) {
  const text = $("text").value.trim();
  if (!text && (name === "say" || name === "forward")) return;
  $("text").value = "";
  await deed(name, { text, reply_to: chosen.reply });
  chosen.reply = 0;
  $("reply").hidden = true;
}

$("who").onchange = (event) => { chosen.person = Number(event.target.value); if (chosen.chat > 0) chosen.chat = chosen.person; show(); };
$("write").onsubmit = (event) => { event.preventDefault(); send("say"); };
$("text").onkeydown = (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send("say"); } };
$("reply").lastElementChild.onclick = () => { chosen.reply = 0; $("reply").hidden = true; };
for (const button of document.querySelectorAll("[data-send]")) button.onclick = () => send(button.dataset.send);
for (const [form, name] of [["new-person", "person"], ["new-group", "group"]]) {
  $(form).onsubmit = (event) => { event.preventDefault(); deed(name, Object.fromEntries(new FormData(event.target))); event.target.reset(); };
}
watch();
