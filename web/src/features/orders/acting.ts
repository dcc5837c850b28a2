/** Doing an action: what was typed is kept until it is done, a conflict loses nothing, undo is the reverse action. */

import { useQueryClient, type QueryClient } from "@tanstack/vue-query";
import { computed, ref } from "vue";
import * as calls from "@/api/calls";
import { newKey } from "@/api/client";
import { isProblem, type Problem } from "@/api/problem";
import { keys } from "@/api/queries";
import type { FlowAction, Order, OrderAction } from "@/api/types";
import { reverseOf } from "./story";

const PREFIX = "huying.form";

/** What was typed into the form of one action on one order, across reloads and sign-outs. */
export function keptForm(staff: number | string, number: string, action: OrderAction, storage: Storage = localStorage) {
  const place = [PREFIX, staff, number, action.name, action.assignment ?? ""].join(".");
  return {
    read(): unknown {
      try {
        return JSON.parse(storage.getItem(place) ?? "null");
      } catch {
        return null;
      }
    },
    write(values: unknown): boolean {
      try {
        storage.setItem(place, JSON.stringify(values));
        return true;
      } catch {
        return false;
      }
    },
    forget(): void {
      try {
        storage.removeItem(place);
      } catch {
        // Storage that cannot be written holds nothing to forget.
      }
    },
  };
}

/** Put the server's answer on the screen at once, then read the rest afresh. */
export function takeOver(client: QueryClient, number: string, answer: Order): void {
  client.setQueryData<Order>(keys.order(number), (before) => (before ? { ...before, ...answer } : answer));
  void client.invalidateQueries({ queryKey: keys.order(number) });
  void client.invalidateQueries({ queryKey: keys.lists });
  void client.invalidateQueries({ queryKey: keys.queues });
}

export interface Undo {
  action: OrderAction;
  run: () => Promise<void>;
}

/** One action of one order in work: sends it with the version that was on the screen. */
export function useActing(number: () => string) {
  const client = useQueryClient();
  const busy = ref(false);
  const problem = ref<Problem | null>(null);
  const failure = ref<unknown>(null);
  /** Someone was faster; the form stays, and goes on after a look at what changed. */
  const stale = computed(() => problem.value?.isStale ?? false);
  let key = newKey();
  let lastBody = "";

  async function send(action: Pick<OrderAction, "name" | "assignment">, seen: number, values: Record<string, unknown>): Promise<Order | null> {
    if (busy.value) return null;
    busy.value = true;
    problem.value = null;
    failure.value = null;
    const body = { ...values, seen, ...(action.assignment === null ? {} : { assignment: action.assignment }) };
    const text = JSON.stringify([action.name, body]);
    // The same press again keeps its key; another wish gets another.
    if (text !== lastBody) key = newKey();
    lastBody = text;
    try {
      const answer = await calls.act(number(), action.name, body, key);
      takeOver(client, number(), answer);
      return answer;
    } catch (error) {
      failure.value = error;
      problem.value = isProblem(error) ? error : null;
      return null;
    } finally {
      busy.value = false;
    }
  }

  /** The reverse action, ready to run, when the flow has one and this person may do it. */
  function undoOf(done: string, after: Order, flow: FlowAction[] | undefined, reason: string): Undo | null {
    const action = reverseOf(done, after);
    if (!action) return null;
    const fields = flow?.find((one) => one.name === action.name)?.fields ?? [];
    const values = Object.fromEntries(fields.filter((field) => field.required && field.type === "long_text").map((field) => [field.name, reason]));
    return {
      action,
      run: async () => {
        await send(action, after.version, values);
        if (failure.value) throw failure.value;
      },
    };
  }

  function forgive(): void {
    problem.value = null;
    failure.value = null;
  }

  return { busy, problem, failure, stale, send, undoOf, forgive };
}
