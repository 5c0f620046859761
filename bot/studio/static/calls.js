// Calls of the studio: those of the desk's script, and files. Locked or signed out: the page gives way.

import { Failure, get, newId, post, put, query } from "/static/desk/api.js";
import { page } from "/static/desk/texts.js";

export { Failure, get, newId, post, put, query };

const PATIENCE_MS = 60000;
const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";

// Send a file as it is, and get the answer as JSON.
export async function send(path, file) {
  const answer = await fetch(`${page.api}/${path}`, { method: "POST", body: file, headers: { "x-daozhen-csrf": csrf, "content-type": "application/octet-stream" }, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  if (!answer) throw new Failure(0);
  const data = await answer.json().catch(() => ({}));
  if (answer.status === 423 || answer.status === 401) leave(answer.status === 423 ? "locked" : "signed_out");
  if (!answer.ok) throw new Failure(answer.status, data);
  return data;
}

function leave(why) {
  document.getElementById("main").replaceChildren();
  location.replace(`/staff/${why === "locked" ? "unlock" : "login"}?next=${encodeURIComponent(location.pathname + location.search)}`);
}

document.addEventListener("daozhen:out", (event) => leave(event.detail));
