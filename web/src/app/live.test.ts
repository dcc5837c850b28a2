import { describe, expect, it } from "vitest";
import { read } from "./live";

describe("a live hint", () => {
  it("names an order and its version", () => {
    expect(read('{"number":"202611240000011","version":3,"kind":"dispatch"}')).toEqual({ number: "202611240000011", version: 3, kind: "dispatch" });
  });
  it("may say that hints were lost", () => {
    expect(read('{"kind":"missed"}')).toBe("missed");
  });
  it("is dropped when it makes no sense", () => {
    expect(["", "null", "[1]", '{"number":7}', "{"].map(read)).toEqual([null, null, null, null, null]);
  });
});
