import { describe, expect, it } from "vitest";
import { type Words, allWords } from "./i18n";
import table from "@/api/flow.json";
import { nextPath } from "@/features/signin/next";

function paths(words: Words, before = ""): string[] {
  return Object.entries(words).flatMap(([key, value]) => (typeof value === "string" ? [before + key] : paths(value, `${before}${key}.`)));
}
const zh = paths(allWords()["zh-CN"]).filter((path) => !path.startsWith("codes."));
const en = paths(allWords().en).filter((path) => !path.startsWith("codes."));
const chinese = (words: Words): string[] => Object.values(words).flatMap((value) => (typeof value === "string" ? [value] : chinese(value)));

describe("words", () => {
  it("exist in both languages", () => {
    expect(en.filter((path) => !zh.includes(path))).toEqual([]);
    expect(zh.filter((path) => !en.includes(path))).toEqual([]);
  });
  it("have Chinese punctuation in Chinese sentences", () => {
    expect(chinese(allWords()["zh-CN"]).filter((text) => /[\u4e00-\u9fff”}],|,[\u4e00-\u9fff“]|[\u4e00-\u9fff];/.test(text))).toEqual([]);
  });
  it("have no exclamation marks", () => {
    expect(chinese(allWords()["zh-CN"]).concat(chinese(allWords().en)).filter((text) => /[!！]/.test(text))).toEqual([]);
  });
});

describe("English words for the server's codes", () => {
  const codes = (allWords().en.codes ?? {}) as Record<string, Record<string, string>>;
  const without = (group: string, names: string[]): string[] => [...new Set(names)].filter((name) => !codes[group]?.[name]).map((name) => `${group}.${name}`);
  it("are complete", () => {
    const fields = Object.values(table.actions).map((one) => one as Record<string, string[]>);
    expect([
      ...without("action", Object.keys(table.actions)), ...without("event", table.events), ...without("role", table.roles),
      ...Object.entries(table.codes).flatMap(([group, names]) => without(group, names)),
      ...without("field", fields.flatMap((one) => Object.keys(one))), ...without("choice", fields.flatMap((one) => Object.values(one).flat())),
    ]).toEqual([]);
  });
});

describe("the page after sign-in", () => {
  it("is one of ours", () => {
    expect(nextPath("/orders?q=1")).toBe("/orders?q=1");
    for (const bad of ["//evil", "https://evil", "/\\evil", undefined, "/signin?next=/", ["/a"]]) expect(nextPath(bad)).toBe("/");
  });
});
