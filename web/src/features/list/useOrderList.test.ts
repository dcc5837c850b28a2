import { describe, expect, it } from "vitest";
import type { Row } from "@/api/types";
import { COLUMNS, shownColumns, toggled } from "./columns";
import { stepped, successor } from "./useOrderList";

const rows = (...numbers: string[]): Row[] => numbers.map((number) => ({ number }) as Row);

describe("the cursor in a list", () => {
  it("steps and stays inside", () => {
    const all = rows("1", "2", "3");
    expect(stepped(all, "", 1)).toBe("1");
    expect(stepped(all, "", -1)).toBe("3");
    expect(stepped(all, "2", 1)).toBe("3");
    expect(stepped(all, "3", 1)).toBe("3");
    expect(stepped([], "3", 1)).toBe("");
  });

  it("goes to the next row when its own left, also when several left", () => {
    const before = rows("1", "2", "3", "4");
    expect(successor(before, rows("1", "3", "4"), "2")).toBe("3");
    expect(successor(before, rows("1", "4"), "2")).toBe("4");
    expect(successor(before, rows("1", "2"), "4")).toBe("2");
    expect(successor(before, rows("9", "1", "2", "3", "4"), "2")).toBe("2");
    expect(successor(before, rows(), "2")).toBe("");
  });
});

describe("columns", () => {
  it("always show the title, in their fixed order", () => {
    expect(shownColumns(["number", "lamp"]).map((column) => column.name)).toEqual(["lamp", "title", "number"]);
    expect(shownColumns(null)).toEqual(COLUMNS.filter((column) => column.shown));
  });
  it("are switched one at a time", () => {
    expect(toggled(["title", "lamp"], "lamp")).toEqual(["title"]);
    expect(toggled(["title"], "channel")).toEqual(["title", "channel"]);
  });
});
