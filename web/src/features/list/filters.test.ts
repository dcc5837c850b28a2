import { describe, expect, it } from "vitest";
import { addressOf, chipsOf, filtersFrom, filtersOf, isAll, noFilters, queryOf, without } from "./filters";

describe("filters and the address", () => {
  it("come back as they went", () => {
    const filters = {
      ...noFilters(), q: "暖气 不热", state: ["to_dispatch", "in_progress"], nature: ["complaint"], lamp: "red", unit: "XA-ZJJ", matter: "010101",
      area: "610113", from: "2026-11-01", to: "2026-11-24", mine: true, sort: "due" as const,
    };
    expect(filtersFrom(addressOf(filters) as Record<string, string>)).toEqual(filters);
    expect(filtersOf(queryOf(filters))).toEqual(filters);
  });

  it("leave nothing empty in the address", () => {
    expect(addressOf(noFilters())).toEqual({});
    expect(queryOf(noFilters())).toBe("");
    expect(queryOf({ ...noFilters(), state: ["a", "b"], ours: true })).toBe("state=a,b&ours=true");
  });

  it("say the same thing the same way, so that a list is kept once", () => {
    expect(queryOf(filtersOf("sort=due&state=a&q=x"))).toBe(queryOf(filtersOf("q=x&state=a&sort=due")));
  });

  it("drop what makes no sense, and survive repeated names", () => {
    const filters = filtersFrom({ lamp: "purple", from: "tomorrow", sort: "sideways", state: "a,,a, b ,<script>", mine: "yes", q: ["一", "二"], nature: null, view: "3" });
    expect(filters).toEqual({ ...noFilters(), state: ["a", "b"], q: "一" });
  });

  it("read the string a queue carries", () => {
    expect(filtersOf("queue=to_accept&sort=due")).toEqual({ ...noFilters(), queue: "to_accept", sort: "due" });
  });
});

describe("chips", () => {
  const filters = { ...noFilters(), q: "路灯", state: ["draft", "closed"], mine: true, lamp: "yellow", street: "610113001" };

  it("stand for what narrows the list, except the words in the box", () => {
    expect(chipsOf(filters).map((chip) => `${chip.name}:${chip.code}`)).toEqual(["mine:", "state:draft", "state:closed", "lamp:yellow", "street:610113001"]);
    expect(isAll(noFilters())).toBe(true);
    expect(isAll({ ...noFilters(), sort: "due" })).toBe(true);
    expect(isAll({ ...noFilters(), q: "x" })).toBe(false);
  });

  it("take off exactly one thing each", () => {
    let left = filters as typeof filters & ReturnType<typeof noFilters>;
    expect(without(left, { name: "state", code: "draft" }).state).toEqual(["closed"]);
    for (const chip of chipsOf(filters)) left = without(left, chip) as typeof left;
    expect(left).toEqual({ ...noFilters(), q: "路灯" });
  });
});
