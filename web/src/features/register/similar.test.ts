import { describe, expect, it } from "vitest";
import { emptyDraft } from "./draft";
import { triesFor } from "./similar";

const place = { ...emptyDraft().place, street: "610113003" };
const matter = { code: "010204", name: "占道露天烧烤", path: "" };

describe("what similar orders are looked for by", () => {
  it("nothing while too little was said", () => {
    expect(triesFor(emptyDraft())).toEqual([]);
    expect(triesFor({ ...emptyDraft(), content: "你好" })).toEqual([]);
    expect(triesFor({ ...emptyDraft(), matter })).toEqual([]);
  });
  it("the same street and matter first, then words, fewer each time", () => {
    const tries = triesFor({ ...emptyDraft(), matter, place, content: "翠华路夜市烧烤摊位占满人行道，油烟很大" });
    expect(tries[0]).toMatchObject({ by: "spot", query: { matter: "010204", street: "610113003" } });
    const counts = tries.slice(1).map((one) => one.words.split(" ").length);
    expect(counts.length).toBeGreaterThan(0);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });
});
