import { describe, expect, it } from "vitest";
import type { Application, Assignment, Order, OrderAction } from "@/api/types";
import { ACTION_KEYS, choicesOf, dispatching, keyOf, reverseOf, sharesOf, turnOf, waits, whole } from "./story";

const action = (name: string, part: Partial<OrderAction> = {}): OrderAction =>
  ({ name, label: name, allowed: true, reason: "", primary: false, assignment: null, ...part });
const share = (id: number, part: Partial<Assignment> = {}): Assignment => ({
  id, unit: { code: `u${id}`, name: `单位${id}`, short: `单位${id}` }, part: "lead", part_label: "主办", state: "handling", state_label: "办理中",
  parent: null, dispatched_at: "2026-11-24T01:00:00Z", accepted_at: null, contacted_at: null, replied_at: null, due_at: null, note: "",
  result: null, result_label: null, reply: "", policy_basis: "", unreachable_reason: "", ...part,
});
const order = (part: Partial<Order>): Order => whole({ state: "in_progress", assignments: [], applications: [], ...part } as Order);
const pending = { status: "pending" } as Application;

describe("what can be done", () => {
  it("puts the flow's own next step first and rare actions last", () => {
    const { primary, others, refused } = choicesOf([
      action("void"), action("correct"), action("urge"), action("dispatch", { primary: true }), action("merge"), action("recall", { allowed: false, reason: "没有派出" }),
    ]);
    expect(primary?.name).toBe("dispatch");
    expect(others.map((one) => one.name)).toEqual(["urge", "correct", "merge", "void"]);
    expect(refused.map((one) => one.reason)).toEqual(["没有派出"]);
  });

  it("asks for a decision before anything else, with its no beside it", () => {
    const { primary, others } = choicesOf([
      action("ask_citizen"), action("recall"), action("approve_extension"), action("refuse_extension"), action("note_down"),
    ]);
    expect(primary?.name).toBe("approve_extension");
    expect(others[0]?.name).toBe("refuse_extension");
  });

  it("has no primary when nothing is allowed", () => {
    expect(choicesOf([action("reply", { allowed: false, primary: true })]).primary).toBeNull();
  });

  it("shows the catalogue only to who may appoint now", () => {
    expect(dispatching({ actions: [action("urge"), action("arbitrate")] })?.name).toBe("arbitrate");
    expect(dispatching({ actions: [action("dispatch", { allowed: false })] })).toBeNull();
  });

  it("offers to undo what the flow can take back", () => {
    const after = order({ actions: [action("recall"), action("resume", { allowed: false })] });
    expect(reverseOf("dispatch", after)?.name).toBe("recall");
    expect(reverseOf("suspend", after)).toBeNull();
    expect(reverseOf("approve", after)).toBeNull();
  });

  it("has one letter per key, none that the lists use", () => {
    const letters = Object.values(ACTION_KEYS);
    expect(letters.filter((key) => !/^[A-Z]$/.test(key))).toEqual([]);
    expect(letters.filter((key) => ["J", "K", "O", "X", "M"].includes(key))).toEqual([]);
    expect([keyOf("dispatch"), keyOf("unheard_of")]).toEqual(["D", ""]);
  });
});

describe("who must act now", () => {
  it("is the unit below when the work was handed down", () => {
    const turn = turnOf(order({ assignments: [share(1), share(2, { parent: 1, state: "to_accept" })] }));
    expect([turn.words, turn.units.map((unit) => unit.name)]).toEqual(["units", ["单位2"]]);
  });
  it("is the dispatcher while a return or an extension is asked for", () => {
    expect(turnOf(order({ assignments: [share(1, { state: "return_requested" })] })).words).toBe("return_requested");
    expect(turnOf(order({ assignments: [share(1)], applications: [pending] })).words).toBe("application");
    expect(waits(order({ applications: [pending] }))).toBe(true);
    expect(waits(order({ applications: [{ status: "approved" } as Application] }))).toBe(false);
  });
  it("follows the state otherwise", () => {
    expect(turnOf(order({ state: "to_call_back" })).words).toBe("to_call_back");
  });
});

describe("shares", () => {
  it("stand as a tree, working ones before those that are over", () => {
    const rows = sharesOf([share(1, { state: "returned" }), share(2), share(3, { parent: 2 }), share(4, { part: "assisting" })]);
    expect(rows.map(({ assignment, depth }) => [assignment.id, depth])).toEqual([[2, 0], [3, 1], [4, 0], [1, 0]]);
  });
  it("are never lost when their parent is not shown", () => {
    expect(sharesOf([share(9, { parent: 404 })])).toHaveLength(1);
  });
});
