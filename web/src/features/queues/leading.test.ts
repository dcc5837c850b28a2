import { describe, expect, it } from "vitest";
import type { QueueCount } from "@/api/types";
import { leadingFirst } from "./leading";

const queue = (name: string): QueueCount => ({ name, label: name, count: 1, query: `queue=${name}` });

describe("the first queue of the day", () => {
  it("is reviewing for a team leader", () => {
    expect(leadingFirst(["my_drafts", "awaiting_citizen", "in_review"].map(queue)).map((one) => one.name)).toEqual(["in_review", "my_drafts", "awaiting_citizen"]);
  });
  it("stays as the server sent it for everyone else", () => {
    const names = ["to_accept", "to_contact", "handling", "due_soon", "sent_again"];
    expect(leadingFirst(names.map(queue)).map((one) => one.name)).toEqual(names);
  });
});
