/** 登记 and what ends the call, so that a double press, a retry or a lost answer registers once. */

import { type Problem, isProblem } from "@/api/problem";
import type { NewOrder, Order } from "@/api/types";
import { type Closing, type DraftContent, toNewOrder } from "./draft";

export interface Desk {
  register(body: NewOrder, idempotencyKey: string): Promise<Order>;
  act(number: string, verb: string, body: { seen: number } & Record<string, unknown>): Promise<Order>;
  order(number: string): Promise<Order>;
}

export interface Closed {
  order: Order;
  closing: Closing;
  /** An earlier press had arrived after all: what was changed since is not in the order. */
  earlier: boolean;
}

/** The second step was refused: the order exists as a draft, the citizen can be told its number. */
export class HalfDone extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.name = "HalfDone";
    this.problem = problem;
  }
}

export const MISMATCH = "idempotency_mismatch";

const VERBS: Record<Closing, string> = { dispatch: "submit", answer: "answer", transfer: "transfer", refuse: "refuse" };
/** How one sees that a verb whose answer was lost was done after all. */
const DONE: Record<Closing, (order: Order) => boolean> = {
  dispatch: (order) => order.state !== "draft",
  answer: (order) => order.outcome === "answered",
  transfer: (order) => order.outcome === "transferred",
  refuse: (order) => order.state === "in_review" || order.outcome === "refused",
};

/** More bodies than this are not kept; the first stays, for it is the likeliest to have arrived. */
const SENT_KEPT = 5;

async function registered(desk: Desk, key: string, draft: DraftContent, body: NewOrder): Promise<{ order: Order; earlier: boolean }> {
  const text = JSON.stringify(body);
  const before = draft.sent.filter((one) => JSON.stringify(one) !== text);
  const wasSent = before.length < draft.sent.length;
  if (!wasSent) draft.sent = [...draft.sent.slice(0, 1), ...draft.sent.slice(1).slice(2 - SENT_KEPT), body];
  try {
    return { order: await desk.register(body, key), earlier: false };
  } catch (error) {
    if (!isProblem(error)) throw error;
    // Said no for good: nothing was made of this body.
    if (error.isRefusal && !wasSent) draft.sent = draft.sent.filter((one) => JSON.stringify(one) !== text);
    if (error.code !== MISMATCH) throw error;
    // An earlier press got through although its answer was lost. Its own words tell which order it made.
    for (const one of before) {
      try {
        return { order: await desk.register(one, key), earlier: true };
      } catch (again) {
        if (!isProblem(again) || again.code !== MISMATCH) throw again;
      }
    }
    throw error;
  }
}

/** Register the draft and close it as wished. Errors: Problem; HalfDone when only the second step failed. */
export async function closeCall(desk: Desk, key: string, draft: DraftContent, closing: Closing,
  told: Record<string, unknown> = {}): Promise<Closed> {
  let earlier = false;
  let order: Order | null = null;
  if (!draft.made) {
    const made = await registered(desk, key, draft, toNewOrder(draft, key, closing === "dispatch"));
    order = made.order;
    earlier = made.earlier;
    draft.made = { number: order.number, display: order.number_display, version: order.version };
  }
  if (order && DONE[closing](order)) return { order, closing, earlier };
  // A repeated press may meet an order that the first one has already carried further.
  if (order && order.state !== "draft") return { order, closing, earlier: true };
  const { number } = draft.made;
  try {
    return { order: await desk.act(number, VERBS[closing], { seen: draft.made.version, ...told }), closing, earlier };
  } catch (error) {
    if (!isProblem(error)) throw error;
    if (error.isStale || error.code === "wrong_state") {
      const now = await desk.order(number);
      if (DONE[closing](now)) return { order: now, closing, earlier };
      draft.made = { ...draft.made, version: now.version };
      if (now.state === "draft" && error.isStale)
        return { order: await desk.act(number, VERBS[closing], { seen: now.version, ...told }), closing, earlier };
    }
    throw new HalfDone(error);
  }
}
