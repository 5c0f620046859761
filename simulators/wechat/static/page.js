// Shows the simulated WeChat to one person at a time, as the app would: each line by its own direction, texts and <a> only.
import { languageOf, samples } from "/samples.js";

const $ = (id) => document.getElementById(id);
const chosen = { who: "", chat: "official", language: "", open: -1 };
const STATES = ["新会话", "机器人接待", "排队中", "人工接待", "未开始 / 已结束"];
let world = null, asked = null;

async function deed(name, data = {}) {
  const answer = await fetch(`/deed/${name}`, {
    method: "POST", headers: { "Content-Type": "application/json", "X-Simulator": "1" },
    body: JSON.stringify({ who: chosen.who, ...data }),
  });
  const done = await answer.json();
  if (done.error) toast(done.error);
  return !done.error;
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

// A link that does something here, or leads away: the app knows weixin://bizmsgmenu, http and https. Its letters count for the
// direction of its line: no dir of its own.
function link(text, href) {
  const element = make("a", { href: "#", textContent: text });
  let url = null;
  try { url = new URL(href); } catch { /* no address: shown, and dead as in the app */ }
  if (url?.protocol === "weixin:" && url.host + url.pathname.replace(/\/$/, "") === "bizmsgmenu") {
    element.onclick = (event) => {
      event.preventDefault();
      deed("tap", { text: url.searchParams.get("msgmenucontent") ?? text, menu: url.searchParams.get("msgmenuid") ?? "" });
    };
  } else if (url?.protocol === "https:" || url?.protocol === "http:") {
    Object.assign(element, { href: url.href, target: "_blank", rel: "noreferrer" });
  } else element.onclick = (event) => event.preventDefault();
  return element;
}

const plain = (text) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name]);

function pieces(text) {
  const found = /<a\s+[^>]*?href=(["'])(.*?)\1[^>]*>(.*?)<\/a>|(https?:\/\/[^\s<>"'，。；、）)]+)/g, parts = [];
  let last = 0;
  for (const one of text.matchAll(found)) {
    if (one.index > last) parts.push(text.slice(last, one.index));
    parts.push(one[4] ? link(one[4], one[4]) : link(one[3], plain(one[2])));
    last = one.index + one[0].length;
  }
  if (last < text.length) parts.push(text.slice(last));
  return parts;
}

const lines = (text) => text.split("\n").map((part) => make("div", { className: "line", dir: "auto" }, ...pieces(part)));

function choices(menu) {
  const act = (one) => {
    const id = one.id ?? one.click?.id, content = one.content ?? one.click?.content ?? one.view?.content ?? one.text?.content ?? "";
    if (one.view) return link(content, one.view.url);
    if (one.type === "text") return make("span", { textContent: content });
    const element = make("a", { href: "#", textContent: content });
    element.onclick = (event) => { event.preventDefault(); deed(one.click ? "kf_say" : "tap", { text: content, menu: id }); };
    return element;
  };
  return [...lines(menu.head_content ?? ""), ...menu.list.map((one) => make("div", { className: "choice", dir: "auto" }, act(one))), ...lines(menu.tail_content ?? "")];
}

const CARDS = { template: "服务通知", notice: "订阅通知", once: "订阅消息" };
const DESKS = { desk: "人工客服", staff: "接待人员" };

function bubble(message) {
  const classes = [message.who, message.kind === "outage" ? "outage" : "", CARDS[message.kind] ? "card" : "", chosen.chat === "group" ? "group" : ""];
  const item = make("li", { className: classes.join(" ").trim() });
  const label = chosen.chat === "group" ? "机器人" : CARDS[message.kind] ?? DESKS[message.kind];
  if (label && message.who === "account") item.append(make("div", { className: "who", textContent: label }));
  if (message.more.media_id && message.text === "[image]") item.append(make("img", { className: "photo", src: `/media/${message.more.media_id}`, alt: "图片" }));
  else item.append(...(message.more.menu ? choices(message.more.menu) : lines(message.text)));
  if (message.more.url) item.append(make("div", { className: "choice" }, link("查看详情", message.more.url)));
  return item;
}

function thread(chat) {
  const items = [];
  let last = 0;
  for (const message of chat) {
    if (message.at - last > 300) items.push(make("li", { className: "time", textContent: new Date(message.at * 1000).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" }) }));
    last = message.at;
    items.push(bubble(message));
  }
  return items;
}

const tool = (title, act) => make("button", { type: "button", textContent: title, onclick: act });
const ask = (title, name) => tool(title, () => { const text = prompt(title); if (text) deed(name, { text }); });

function tools() {
  const { me, kf } = world;
  if (chosen.chat === "official") return [
    me.following ? tool("取消关注", () => deed("unfollow")) : tool("关注", () => deed("follow")),
    tool("扫一扫", scan),
    tool("允许一次提醒", () => deed("consent", { accept: true })),
    ...(me.at_desk ? [ask("客服说", "desk_say"), tool("客服结束", () => deed("desk_close"))] : []),
  ];
  if (chosen.chat === "kf") return [
    tool("进入会话", () => deed("kf_enter")), tool("扫一扫", scan),
    ...(kf.state === 3 ? [ask("护士说", "staff_say"), tool("护士结束", () => deed("staff_end"))] : kf.chat.length ? [tool("护士接入", () => deed("staff_take"))] : []),
    tool(kf.refuses ? "不再拒收" : "拒收", () => deed("kf_refuse", { on: !kf.refuses })),
  ];
  return [];
}

function scan() {
  $("scenes").replaceChildren(...world.scenes.map((value) => make("option", { value })));
  $("code").value = "";
  $("scan").returnValue = "";
  $("scan").showModal();
}

function choose(button) {
  chosen.open = -1;
  if (button.type === "view") { deed("view", { url: button.url }); window.open(button.url, "_blank", "noreferrer"); } else deed("click", { key: button.key });
}

function menuBar() {
  const buttons = world.account.menu?.button ?? [];
  $("menu").hidden = chosen.chat !== "official" || !world.me.following || buttons.length === 0;
  $("menu").replaceChildren(...buttons.map((button, index) => {
    const below = button.sub_button ?? [];
    const head = tool(below.length ? `≡ ${button.name}` : button.name, () => {
      if (!below.length) choose(button); else { chosen.open = chosen.open === index ? -1 : index; menuBar(); }
    });
    head.dir = "auto";
    const part = make("div", {}, head);
    if (chosen.open === index) part.append(make("ul", {}, ...below.map((one) => make("li", {}, tool(one.name, () => { choose(one); menuBar(); })))));
    return part;
  }));
}

function chips() {
  const me = world.people.find((one) => one.id === chosen.who);
  const language = chosen.language || languageOf[me?.language] || "简体中文";
  if ($("language").value !== language || !$("chips").childElementCount) {
    $("language").replaceChildren(...Object.keys(samples).map((name) => make("option", { textContent: name, selected: name === language })));
    $("chips").replaceChildren(...samples[language].map((text) => Object.assign(tool(text, () => say(text)), { dir: "auto" })));
  }
}

const titles = () => ({ official: world.account.name, kf: world.kf.name, group: world.group.name });

function show() {
  if (!world.me) return;
  chosen.who = world.me.id;
  $("who").replaceChildren(...world.people.map((one) => make("option", { value: one.id, textContent: `${one.name} (${one.language})`, selected: one.id === chosen.who })));
  const names = titles(), kinds = { official: "公众号", kf: "微信客服", group: "员工群" };
  $("chats").replaceChildren(...Object.keys(names).map((name) => make("li", {}, make("button", {
    type: "button", ariaCurrent: String(name === chosen.chat), textContent: `${names[name]} · ${kinds[name]}`, onclick: () => { chosen.chat = name; show(); },
  }))));
  $("title").textContent = chosen.chat === "official" && world.me.typing ? "对方正在输入…" : names[chosen.chat];
  $("tools").replaceChildren(...tools());
  const chat = chosen.chat === "official" ? world.me.chat : world[chosen.chat].chat, list = $("messages"), mark = `${chosen.who} ${chosen.chat} ${chat.length}`;
  if (list.dataset.mark !== mark) {
    list.replaceChildren(...thread(chat));
    list.dataset.mark = mark;
    list.scrollTop = list.scrollHeight;
  }
  $("write").hidden = $("samples").hidden = chosen.chat === "group";
  for (const button of document.querySelectorAll("#write .official")) button.hidden = chosen.chat !== "official";
  menuBar();
  chips();
  const links = world.connected, verified = world.account.verified ? "已认证" : "未认证";
  const state = chosen.chat === "kf" ? `${STATES[world.kf.state]} ${world.kf.servicer} · 还可发 ${world.kf.left} 条` : `${verified} · 现在还可推送 ${world.me.left} 条 · 提醒授权 ${world.me.notices}`;
  $("status").textContent = `${state} · 公众号${links.wechat ? "已" : "未"}连接，客服${links.wecom ? "已" : "未"}连接 · 未知调用 ${world.complaints}`;
}

async function watch() {
  for (;;) {
    asked = new AbortController();
    const since = world?.me?.id === chosen.who ? world.version : -1;
    try {
      world = await (await fetch(`/state?since=${since}&who=${encodeURIComponent(chosen.who)}`, { signal: asked.signal })).json();
      show();
    } catch (error) {
      if (error.name !== "AbortError") await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

async function say(text) {
  if (chosen.chat === "official" && !world.me.following && !(await deed("follow"))) return;
  await deed(chosen.chat === "kf" ? "kf_say" : "say", { text });
}

$("who").onchange = (event) => { chosen.who = event.target.value; chosen.language = ""; $("chips").replaceChildren(); asked.abort(); };
$("language").onchange = (event) => { chosen.language = event.target.value; $("chips").replaceChildren(); chips(); };
$("write").onsubmit = (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  $("text").value = "";
  if (text) say(text);
};
$("text").onkeydown = (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("write").requestSubmit(); } };
for (const button of document.querySelectorAll("[data-send]")) button.onclick = () => deed(chosen.chat === "kf" ? `kf_${button.dataset.send}` : button.dataset.send);
$("scan").onclose = () => {
  const code = $("code").value.trim();
  if ($("scan").returnValue === "scan" && code) deed(chosen.chat === "kf" ? "kf_enter" : "scan", { code });
};
$("code").onkeydown = (event) => { if (event.key === "Enter") { event.preventDefault(); $("scan").close("scan"); } };
$("new-person").onsubmit = (event) => { event.preventDefault(); deed("person", Object.fromEntries(new FormData(event.target))); event.target.reset(); };
watch();
