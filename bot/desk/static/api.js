// Calls to the desk. Every failure carries a sentence for the nurse; a locked page gives way at once.

import { page, t } from "./texts.js";

const PATIENCE_MS = 15000;
const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";

export class Failure extends Error {
  constructor(status, data = {}) {
    super(`status ${status}`);
    this.status = status; // 0: nobody answered
    this.data = data;
    this.error = data.error ?? "";
    this.sentence = data.sentence || t(status ? "failed" : "failed_offline");
  }
}

// A page that is locked or signed out is empty: who still waits for an answer must not write it into what is not there any more.
let isOver = false;
for (const end of ["daozhen:out", "daozhen:locked"]) document.addEventListener(end, () => (isOver = true));
const never = new Promise(() => {});

async function call(...how) {
  try {
    return await ask(...how);
  } finally {
    if (isOver) await never;
  }
}

// `auto`: the page asks by itself; that is no sign that somebody is there. `last`: the page is being left. `patience`: in ms.
async function ask(method, path, body, { auto = false, last = false, patience = PATIENCE_MS } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  const headers = { "x-daozhen-csrf": csrf, ...(auto && { "x-daozhen-auto": "1" }), ...(body && { "content-type": "application/json" }) };
  try {
    const answer = await fetch(`${page.api}/${path}`, { method, headers, body: body && JSON.stringify(body), signal: stop.signal, keepalive: last });
    const data = await answer.json().catch(() => ({}));
    if (answer.status === 423 || answer.status === 401) out(answer.status === 423 ? "locked" : "signed_out");
    if (!answer.ok) throw new Failure(answer.status, data);
    return data;
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(0);
  } finally {
    clearTimeout(timer);
  }
}

export const out = (why) => document.dispatchEvent(new CustomEvent("daozhen:out", { detail: why }));

export const get = (path, how) => call("GET", path, undefined, how);
export const post = (path, body = {}, how = {}) => call("POST", path, body, how);
export const put = (path, body) => call("PUT", path, body);

export const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Over plain HTTP in a hospital's network randomUUID does not exist.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
