// Calls to the gateway. Every failure says whether trying again makes sense.

const HEADERS = { "X-Daozhen": "1", "Content-Type": "application/json" };
const PATIENCE_MS = 15000;

export class Failure extends Error {
  constructor(status, sentence = "", wait = 0) {
    super(`status ${status}`);
    this.status = status; // 0: nobody answered
    this.sentence = sentence;
    this.wait = wait; // seconds that the gateway asked us to wait
  }

  get final() {
    return this.status >= 400 && this.status < 500 && ![401, 408, 425, 429].includes(this.status);
  }
}

async function call(path, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(path, { ...options, headers: HEADERS, credentials: "same-origin", signal: stop.signal });
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Failure(answer.status, data.sentence, Number(answer.headers.get("Retry-After")) || 0);
    return data;
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(0);
  } finally {
    clearTimeout(timer);
  }
}

const post = (message) => call("/chat/api/messages", { method: "POST", body: JSON.stringify(message) });

// The token is made with the first message, not when somebody only looks at the page.
export async function send(message) {
  try {
    return await post(message);
  } catch (failure) {
    if (failure.status !== 401) throw failure;
    await call("/chat/api/session", { method: "POST" });
    return post(message).catch((again) => {
      throw again.status === 401 ? new Failure(400, again.sentence) : again;
    });
  }
}

export const messagesAfter = (number) => call(`/chat/api/messages?after=${number}`);
export const forget = () => call("/chat/api/session", { method: "DELETE" });

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Over plain HTTP in a hospital's network randomUUID does not exist.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
