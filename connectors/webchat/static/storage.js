// Storage that may be switched off: then things are remembered until the page is closed.

function safe(pick) {
  const memory = new Map();
  return {
    get(key) {
      try {
        return pick().getItem(key) ?? memory.get(key) ?? null;
      } catch {
        return memory.get(key) ?? null;
      }
    },
    set(key, value) {
      memory.set(key, value);
      try {
        pick().setItem(key, value);
      } catch {
        // Kept in memory.
      }
    },
    remove(key) {
      memory.delete(key);
      try {
        pick().removeItem(key);
      } catch {
        // It was not there.
      }
    },
  };
}

export const local = safe(() => window.localStorage);
export const session = safe(() => window.sessionStorage);
