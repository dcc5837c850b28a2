/** Reading an order as a story: who must act now, what can be done, what hangs below what. Pure. */

import type { ActionName } from "@/api/flow";
import type { Assignment, Order, OrderAction } from "@/api/types";

/** An answer of a verb leaves out what it did not touch; the page never meets a missing list. */
export function whole(order: Order): Order {
  return {
    ...order,
    assignments: order.assignments ?? [], clocks: order.clocks ?? [], actions: order.actions ?? [], attachments: order.attachments ?? [],
    applications: order.applications ?? [], milestones: order.milestones ?? [], attempts: order.attempts ?? [],
    questions: order.questions ?? [],
  };
}

const LIVE = new Set(["to_accept", "handling", "return_requested", "unit_review"]);

export interface Turn {
  /** A key under `orders.turn`. */
  words: string;
  /** Units that have to act, with where they stand. */
  units: { name: string; state: string; state_label: string; part_label: string }[];
}

/** Who must act now. */
export function turnOf(order: Order): Turn {
  const working = order.state === "in_progress" || order.state === "promised";
  if (!working) return { words: order.state, units: [] };
  const live = order.assignments.filter((one) => LIVE.has(one.state));
  const asked = live.filter((one) => one.state === "return_requested");
  const name = (one: Assignment) => ({
    name: one.unit.short || one.unit.name, state: one.state, state_label: one.state_label, part_label: one.part_label,
  });
  if (asked.length) return { words: "return_requested", units: asked.map(name) };
  const pending = order.applications.some((one) => one.status === "pending");
  // A unit that waits for its hand-downs is not the one to act.
  const waiting = new Set(live.map((one) => one.parent).filter((parent) => parent !== null));
  const acting = live.filter((one) => !waiting.has(one.id));
  return { words: pending ? "application" : "units", units: (acting.length ? acting : live).map(name) };
}

/** Assignments as a tree: top shares first, hand-downs below the one they came from. */
export interface Share {
  assignment: Assignment;
  depth: number;
}

export function sharesOf(assignments: Assignment[]): Share[] {
  const rows: Share[] = [];
  const known = new Set(assignments.map((one) => one.id));
  const rank = (one: Assignment) => (LIVE.has(one.state) || one.state === "replied" ? 0 : 1) + (one.part === "lead" ? 0 : 0.5);
  const below = (parent: number | null, depth: number): void => {
    assignments
      .filter((one) => (parent === null ? one.parent === null || !known.has(one.parent) : one.parent === parent))
      .sort((a, b) => rank(a) - rank(b) || a.id - b.id)
      .forEach((assignment) => {
        rows.push({ assignment, depth });
        below(assignment.id, depth + 1);
      });
  };
  below(null, 0);
  return rows;
}

/** Something was asked for and waits for a decision. */
export function waits(order: Pick<Order, "applications">): boolean {
  return order.applications.some((one) => one.status === "pending");
}

export interface Choices {
  primary: OrderAction | null;
  /** Allowed, after the primary one. */
  others: OrderAction[];
  /** A user would look for these; the reason stands beside them. */
  refused: OrderAction[];
}

/** Rarely wanted or heavy actions stand behind the everyday ones. */
const LAST = ["correct", "note_down", "suspend", "merge", "withdraw", "void", "archive"];

/** A decision that waits comes first, yes before no, whatever else is possible. */
const DECIDE = ["approve_return", "approve_extension", "approve_promise"];
const NO = ["refuse_return", "refuse_extension", "refuse_promise", "fail_review", "fail_unit_review", "reject"];

export function choicesOf(actions: OrderAction[]): Choices {
  const allowed = actions.filter((one) => one.allowed);
  const primary = allowed.find((one) => DECIDE.includes(one.name)) ?? allowed.find((one) => one.primary) ?? null;
  const others = allowed.filter((one) => one !== primary);
  const weight = (one: OrderAction) => (NO.includes(one.name) || DECIDE.includes(one.name) ? -2 : LAST.indexOf(one.name));
  others.sort((a, b) => weight(a) - weight(b));
  return { primary, others, refused: actions.filter((one) => !one.allowed) };
}

/** The action that takes another one back, where the flow has one. */
export const REVERSE: Record<string, string> = {
  dispatch: "recall", hand_down: "take_back", suspend: "resume", merge: "unmerge",
};
/** Reversing needs a moment's thought: these cannot be taken back by another action. */
export const FINAL = new Set(["archive", "close_unreached", "void", "withdraw"]);

export function reverseOf(done: string, after: Order): OrderAction | null {
  const name = REVERSE[done];
  return after.actions?.find((one) => one.name === name && one.allowed) ?? null;
}

/** The address in the order people say it: area, street, then the words. */
export function placeWords(place: Order["place"]): string {
  return [place.area, place.street, place.text].filter((part) => part && !/^\d+$/.test(part)).join(" ");
}

/** The action that gives the order to a unit, where this person may take it now: the catalogue's lines stand beside the order then. */
export function dispatching(order: Pick<Order, "actions">): OrderAction | null {
  return order.actions.find((one) => one.allowed && (one.name === "dispatch" || one.name === "arbitrate")) ?? null;
}

/** Single keys of the everyday actions; the rest are reached with Tab. */
export const ACTION_KEYS: Partial<Record<ActionName, string>> = {
  dispatch: "D", arbitrate: "D", ask_citizen: "R", add_assisting: "C", accept: "S", contact: "T", reply: "F", approve: "P", pass_review: "P",
  pass_unit_review: "P", approve_return: "P", approve_extension: "P", approve_promise: "P", reject: "B", fail_review: "B",
  fail_unit_review: "B", refuse_return: "B", refuse_extension: "B", refuse_promise: "B", call_back: "H", submit: "S",
};

export function keyOf(action: string): string {
  return (ACTION_KEYS as Record<string, string | undefined>)[action] ?? "";
}
