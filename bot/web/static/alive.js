// Tells the server that somebody is there, at most once a minute and only for a key, a click or a touch; a page that nobody
// touches locks by itself. When it did, this page gives way to the lock, so that nothing stays to be read.
const EVERY_MS = 60_000;
const WATCH_MS = 20_000;
const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
let told = Date.now();
let asking = false;

async function say(method, headers = {}) {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch("/staff/alive", { method, headers: { "x-daozhen-csrf": csrf, ...headers } });
    if (answer.status === 423 || answer.status === 401) leave();
  } catch {
    // The line is down: the page says so itself, and the server locks without us.
  } finally {
    asking = false;
  }
}

function leave() {
  document.dispatchEvent(new CustomEvent("daozhen:locked"));
  location.replace(`/staff/unlock?next=${encodeURIComponent(location.pathname + location.search)}`);
}

function touched() {
  if (Date.now() - told < EVERY_MS) return;
  told = Date.now();
  say("POST");
}

for (const what of ["keydown", "pointerdown", "wheel", "touchstart"]) addEventListener(what, touched, { passive: true, capture: true });
setInterval(() => say("GET"), WATCH_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) say("GET"); });
// What the browser kept of a page must not be shown again after the sign-out.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
