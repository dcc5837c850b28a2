/** 登记的一次过程: what is missing, what was pressed, what came of it. The page shows it, the drafts carry it. */

import { useQueryClient } from "@tanstack/vue-query";
import { type Ref, computed, ref, shallowRef, watch } from "vue";
import * as calls from "@/api/calls";
import { isProblem, type Problem } from "@/api/problem";
import { keys, useFlow } from "@/api/queries";
import { startingValues, told, type Typed, withKept } from "@/features/orders/forms";
import { type Fault, faultsOf, serverFaults } from "./checking";
import { type Closed, HalfDone, closeCall } from "./closing";
import { type Closing, type DraftContent, wholeContent } from "./draft";
import type { Keeper } from "./keeping";

const DESK = { register: calls.register, act: calls.act, order: (number: string) => calls.order(number) };

export interface Done extends Closed {
  /** The unit the catalogue led to, in words: what the caller may be told. */
  unit: string;
  /** Words that came too late for the order (see `earlier`): kept here until they are noted down in it. */
  later: string;
}

export function useRegistering(keeper: Keeper, draft: Ref<DraftContent>, unit: Ref<string>) {
  const client = useQueryClient();
  const flow = useFlow();
  const busy = ref(false);
  const done = shallowRef<Done | null>(null);
  /** What went wrong on the way, in the server's words or the network's; faults of fields stand beside them. */
  const failure = shallowRef<Problem | Error | null>(null);
  /** The order exists, its second step was refused. */
  const halfDone = ref(false);
  const tried = ref<Closing | null>(null);
  const said = ref<Fault[]>([]);
  /** The list on top keeps its lines while one types, so that nothing jumps; it is made anew at each press. */
  const listed = ref<Fault[]>([]);

  const declared = (closing: Closing) => flow.data.value?.actions.find((one) => one.name === closing);
  const fields = computed(() => (draft.value.closing === "dispatch" ? [] : (declared(draft.value.closing)?.fields ?? [])));
  const values = computed<Typed>({
    get: () => {
      const action = declared(draft.value.closing);
      return action ? withKept(startingValues(action), draft.value.closings[draft.value.closing]) : {};
    },
    set: (typed) => {
      draft.value.closings[draft.value.closing] = typed as Record<string, unknown>;
    },
  });
  const faults = computed<Fault[]>(() =>
    tried.value === null ? [] : [...faultsOf(draft.value, tried.value, tried.value === draft.value.closing ? fields.value : []), ...said.value]);
  const faultAt = (field: string): Fault | undefined => faults.value.find((fault) => fault.field === field);

  watch(() => keeper.current.value.key, forget);
  // What the server said of a field holds until something is typed; when it was saved or sent does not matter.
  watch(() => JSON.stringify({ ...draft.value, editedAt: 0, sent: [], made: null }), () => {
    said.value = [];
  });

  function forget(): void {
    tried.value = null;
    said.value = [];
    listed.value = [];
    failure.value = null;
    halfDone.value = false;
  }

  function choose(closing: Closing): void {
    draft.value.closing = closing;
    tried.value = null;
    listed.value = [];
    failure.value = null;
  }

  /** Press what is open. True when it is done; else `listed` or `failure` tells why. */
  async function close(): Promise<boolean> {
    if (busy.value) return false;
    const { key, content } = keeper.current.value;
    const { closing } = content;
    failure.value = null;
    said.value = [];
    tried.value = closing;
    listed.value = [...faults.value];
    if (listed.value.length) return false;
    const action = declared(closing);
    if (closing !== "dispatch" && !action) return false;
    busy.value = true;
    try {
      const work = closeCall(DESK, key, content, closing, action && closing !== "dispatch" ? told(action, values.value) : {});
      // The words sent are in the draft now; they must survive a reload that comes before the answer.
      keeper.saveLocal();
      const closed = await work;
      done.value = { ...closed, unit: unit.value, later: closed.earlier ? wholeContent(content) : "" };
      void client.invalidateQueries({ queryKey: keys.queues });
      void client.invalidateQueries({ queryKey: keys.lists });
      // Not waited for: an unreachable server is told later that the draft is gone.
      void keeper.drop(key);
      forget();
      return true;
    } catch (error) {
      const problem = error instanceof HalfDone ? error.problem : error;
      halfDone.value = error instanceof HalfDone;
      failure.value = problem instanceof Error ? problem : new Error(String(problem));
      if (isProblem(problem)) {
        said.value = serverFaults(problem, halfDone.value ? closing : "dispatch").filter((fault) => known(fault.field));
        listed.value = [...said.value];
      }
      keeper.saveLocal();
      return false;
    } finally {
      busy.value = false;
    }
  }

  const known = (field: string): boolean =>
    ["phone", "name", "content", "place", "matter", "nature", "urgency", "orderTitle"].includes(field) || field.startsWith("closing.");

  return { busy, done, failure, halfDone, faults, faultAt, listed, fields, values, choose, close, forget };
}
