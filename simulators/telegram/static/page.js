// Shows the simulated Telegram to one person at a time, as a client would: each paragraph by its own direction, texts only.
const $ = (id) => document.getElementById(id);
const chosen = { person: 0, chat: 0, reply: 0, thread: 0 };
let world = null, waiting = "";

async function deed(name, data) {
  const answer = await fetch(`/deed/${name}`, {
    method: "POST", headers: { "Content-Type": "application/json", "X-Simulator": "1" },
    body: JSON.stringify({ person: chosen.person, chat: chosen.chat, thread: chosen.thread, ...data }),
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

// A folded quotation is shown folded: a person opens it.
function words(message) {
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  const folded = entities.find(({ type }) => type === "expandable_blockquote");
  let start = 0, quote = null;
  const shown = [];
  for (const part of text.split("\n")) {
    const element = line(part, start, entities);
    if (folded && folded.offset <= start && start < folded.offset + folded.length) {
      if (!quote) { quote = make("details", { className: "folded" }, make("summary", { textContent: "…" })); shown.push(quote); }
      quote.append(element);
    } else shown.push(element);
    start += part.length + 1;
  }
  return shown;
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

const NOTES = {
  migrate_to_chat_id: () => "The group has a new id.", migrate_from_chat_id: () => "The group has a new id.",
  forum_topic_created: (topic) => `Topic: ${topic.name}`, forum_topic_edited: (topic) => `The topic is called ${topic.name} now`,
  forum_topic_closed: () => "The topic was closed", forum_topic_reopened: () => "The topic is open again",
  left_chat_member: (user) => `${user.first_name} left`,
};

function bubble(message, chat) {
  const note = Object.keys(NOTES).find((name) => name in message);
  if (note) return make("li", { className: "note", textContent: NOTES[note](message[note]) });
  const mine = message.from.id === chosen.person;
  const item = make("li", { className: mine ? "mine" : "" });
  if (!mine) item.append(make("div", { className: "who", textContent: message.from.first_name }));
  if (message.forward_origin) item.append(make("div", { className: "quote", textContent: `Forwarded from ${message.forward_origin.sender_user_name}` }));
  const answered = message.reply_to_message;
  if (answered && !answered.forum_topic_created) item.append(make("div", { className: "quote", dir: "auto", textContent: answered.text ?? "…" }));
  if (message.photo?.[0].file_size) item.append(make("img", { className: "photo", src: `/photo/${message.photo[0].file_id}`, alt: message.caption ?? "picture", width: message.photo[0].width, height: message.photo[0].height }));
  else if (media(message)) item.append(make("div", { textContent: media(message) }));
  item.append(...words(message), ...keys(message));
  const more = make("div", { className: "more" }, message.edit_date && mine ? "edited" : "");
  const reaction = chat.reactions[message.message_id];
  if (reaction) more.append(make("span", { className: "reaction", textContent: reaction }));
  if (message.has_protected_content) more.append(make("span", { textContent: "🔒", title: "cannot be forwarded or saved" }));
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
  if (chat.forum) {
    list.push(make("button", { type: "button", textContent: "New topic", onclick: () => { const name = prompt("Name of the topic"); if (name) deed("topic", { name }); } }));
    const topic = chat.topics.find((one) => one.thread === chosen.thread);
    if (topic && chat.admins.includes(person.id)) list.push(
      topic.state === "open" ? tool("Close the topic", "close") : tool("Open the topic", "reopen"), tool("Delete the topic", "delete"));
  }
  list.push(chat.outside.includes(person.id) ? tool("Join", "join") : tool("Leave", "leave"));
  if (chat.bot === "member" || chat.bot === "administrator") list.push(tool("Remove the bot", "bot", { status: "kicked" }));
  return list;
}

function topics(chat) {
  const rooms = [{ thread: 0, name: "General", state: "open" }, ...chat.topics];
  if (!rooms.some((one) => one.thread === chosen.thread)) chosen.thread = 0;
  $("topics").hidden = !chat.forum;
  $("topics").replaceChildren(...(chat.forum ? rooms : []).map((one) => make("button", {
    type: "button", className: one.state, ariaCurrent: String(one.thread === chosen.thread), textContent: one.name,
    onclick: () => { chosen.thread = one.thread; chosen.reply = 0; $("reply").hidden = true; show(); },
  })));
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
    onclick: () => { chosen.chat = one.id; chosen.thread = chosen.reply = 0; show(); },
  }))));
  $("title").textContent = chat.type === "private" ? `${world.bot.first_name} · @${world.bot.username}` : chat.title;
  topics(chat);
  $("as-group").hidden = !chat.admins.includes(person.id);
  $("tools").replaceChildren(...tools(chat, person));
  const room = `${chat.id}/${chosen.thread}`, list = $("messages"), before = list.childElementCount + list.dataset.chat;
  const here = chat.forum ? chat.messages.filter((one) => (one.is_topic_message ? one.message_thread_id : 0) === chosen.thread) : chat.messages;
  list.replaceChildren(...here.map((message) => bubble(message, chat)));
  list.dataset.chat = room;
  if (before !== list.childElementCount + room) list.scrollTop = list.scrollHeight;
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
  if (!text && (["say", "forward", "anonymous"].includes(name))) return;
  $("text").value = "";
  await deed(name, { text, reply_to: chosen.reply });
  chosen.reply = 0;
  $("reply").hidden = true;
}

$("who").onchange = (event) => { chosen.person = Number(event.target.value); if (chosen.chat > 0) { chosen.chat = chosen.person; chosen.thread = 0; } show(); };
$("write").onsubmit = (event) => { event.preventDefault(); send("say"); };
$("text").onkeydown = (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send("say"); } };
$("reply").lastElementChild.onclick = () => { chosen.reply = 0; $("reply").hidden = true; };
for (const button of document.querySelectorAll("[data-send]")) button.onclick = () => send(button.dataset.send);
for (const [form, name] of [["new-person", "person"], ["new-group", "group"]]) {
  $(form).onsubmit = (event) => { event.preventDefault(); deed(name, Object.fromEntries(new FormData(event.target))); event.target.reset(); };
}
watch();
