// Times in words. The clock is the server's: the one of the computer at the desk may be wrong.

import { page, t } from "./texts.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let ahead = 0; // milliseconds that the server is ahead of this computer

export const setNow = (iso) => (ahead = Date.parse(iso) - Date.now());
export const now = () => Date.now() + ahead;

// Seconds in words, rounded down; `rough` leaves out what nobody needs to know of a long time.
export function duration(seconds, rough = false) {
  const left = Math.max(0, seconds);
  if (left < MINUTE) return t("dur_under_minute");
  if (left < HOUR) return t("dur_minutes", { n: Math.floor(left / MINUTE) });
  const [h, m] = [Math.floor(left / HOUR), Math.floor((left % HOUR) / MINUTE)];
  if (left < 3 * DAY && (rough && h >= 3 || left >= DAY || !m)) return t("dur_hours", { n: h });
  if (left < DAY) return t("dur_hours_minutes", { h, m });
  const [d, rest] = [Math.floor(left / DAY), Math.floor((left % DAY) / HOUR)];
  return rough || !rest ? t("dur_days", { n: d }) : t("dur_days_hours", { d, h: rest });
}

export const since = (iso) => (now() - Date.parse(iso)) / 1000;
export const until = (iso) => -since(iso);

// Western digits in every language, as in the hospital's other systems.
const format = (style) => new Intl.DateTimeFormat(`${page.language}-u-nu-latn`, style);
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const timeOnly = format(clock);
const withDay = format({ weekday: "short", day: "numeric", month: "short", ...clock });
const dayOnly = format({ weekday: "long", day: "numeric", month: "long" });

// A day of the calendar, without a time and so without a zone: "2026-03-01".
const calendar = format({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
export const dateOnly = (day) => calendar.format(new Date(`${day}T00:00Z`));
export const dayIn = (iso, zone) => format({ day: "numeric", month: "short", year: "numeric", timeZone: zone }).format(new Date(iso));

const sameDay = (one, other) => new Date(one).toDateString() === new Date(other).toDateString();

export const clockTime = (iso) => timeOnly.format(new Date(iso));
export const moment = (iso) => (sameDay(iso, now()) ? timeOnly : withDay).format(new Date(iso));

export function dayName(iso) {
  if (sameDay(iso, now())) return t("today");
  return sameDay(iso, now() - DAY * 1000) ? t("yesterday") : dayOnly.format(new Date(iso));
}

// What a field of the kind datetime-local wants and gives: the time of this computer, to the minute.
export function localInput(milliseconds) {
  const date = new Date(milliseconds);
  return new Date(milliseconds - date.getTimezoneOffset() * MINUTE * 1000).toISOString().slice(0, 16);
}
export const fromLocalInput = (text) => (text ? new Date(text).toISOString() : "");

// Everything with `data-tick` says how long it is since or until its time, anew each second.
const sayings = new Map();
export function ticking(element, say) {
  element.dataset.tick = "";
  sayings.set(element, say);
  element.textContent = say();
  return element;
}
export function tick() {
  for (const [element, say] of sayings) {
    if (!element.isConnected && !element.dataset.keep) {
      sayings.delete(element);
      continue;
    }
    const text = say();
    if (element.textContent !== text) element.textContent = text;
  }
}
setInterval(tick, 1000);
