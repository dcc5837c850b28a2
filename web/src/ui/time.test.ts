import { describe, expect, it } from "vitest";
import { countWords, exactTime, shortTime, wordsForTime } from "./time";

const now = new Date("2026-11-24T02:00:00Z"); // 10:00 in Xi'an

describe("times", () => {
  it("are local to Asia/Shanghai whatever the machine thinks", () => {
    expect(exactTime("2026-11-23T16:05:00Z")).toBe("2026-11-24 00:05");
    expect(exactTime("nonsense")).toBe("");
    expect(exactTime(null)).toBe("");
  });
  it("are said in words", () => {
    expect(wordsForTime("2026-11-24T01:59:40Z", now)).toBe("刚刚");
    expect(wordsForTime("2026-11-24T01:30:00Z", now)).toBe("30 分钟前");
    expect(wordsForTime("2026-11-23T23:00:00Z", now)).toBe("今天 07:00");
    expect(wordsForTime("2026-11-23T02:00:00Z", now)).toBe("昨天 10:00");
    expect(wordsForTime("2026-11-25T02:00:00Z", now)).toBe("明天 10:00");
    expect(wordsForTime("2026-03-01T02:00:00Z", now)).toBe("03-01 10:00");
    expect(wordsForTime("2025-03-01T02:00:00Z", now)).toBe("2025-03-01 10:00");
  });
  it("are short in columns", () => {
    expect(shortTime("2026-11-24T01:30:00Z", now)).toBe("09:30");
    expect(shortTime("2026-11-20T01:30:00Z", now)).toBe("11-20 09:30");
    expect(shortTime("2025-11-20T01:30:00Z", now)).toBe("2025-11-20");
  });
  it("count in 万 above ten thousand", () => {
    expect([countWords(9999), countWords(12_345)]).toEqual(["9999", "1.2 万"]);
  });
});
