/** Times in words. Everything is shown in Asia/Shanghai, whatever the machine thinks. */

import { currentLanguage, translate } from "@/app/i18n";

const ZONE = "Asia/Shanghai";
const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

function fields(at: Date): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(at).map((part) => [part.type, part.value]));
}

/** `2026-11-23 22:29` (GB/T 7408.1), for tables and for hovering. */
export function exactTime(at: string | Date | null | undefined): string {
  const date = typeof at === "string" ? new Date(at) : at;
  if (!date || Number.isNaN(date.getTime())) return "";
  const { year, month, day, hour, minute } = fields(date);
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

/** `2026-11-23`, the local day. */
export function localDay(at: string | Date): string {
  return exactTime(at).slice(0, 10);
}

/** Short for columns: today's clock time, this year's month and day, else the whole date. */
export function shortTime(at: string | null | undefined, now: Date = new Date()): string {
  const text = exactTime(at);
  if (!text) return "";
  if (text.slice(0, 10) === localDay(now)) return text.slice(11);
  return text.slice(0, 4) === localDay(now).slice(0, 4) ? text.slice(5) : text.slice(0, 10);
}

/** `8 分钟前`, `今天 09:12`, `昨天 22:29`, or the exact time beyond that. */
export function wordsForTime(at: string | null | undefined, now: Date = new Date()): string {
  const text = exactTime(at);
  if (!at || !text) return "";
  const t = translate;
  const minutes = Math.floor((now.getTime() - new Date(at).getTime()) / 60_000);
  const time = text.slice(11);
  if (minutes >= 0 && minutes < 1) return t("time.justNow");
  if (minutes >= 0 && minutes < 60) return t("time.minutesAgo", { n: minutes });
  const day = text.slice(0, 10);
  if (day === localDay(now)) return t("time.today", { time });
  if (day === localDay(new Date(now.getTime() - 86_400_000))) return t("time.yesterday", { time });
  if (day === localDay(new Date(now.getTime() + 86_400_000))) return t("time.tomorrow", { time });
  return text.slice(0, 4) === localDay(now).slice(0, 4) ? text.slice(5) : text;
}

/** Counts in a clerk's words: 万 above 10,000, exact below. */
export function countWords(count: number): string {
  if (count >= 10_000) return currentLanguage() === "en" ? count.toLocaleString("en") : translate("count.wan", { n: (count / 10_000).toFixed(1) });
  return String(count);
}
