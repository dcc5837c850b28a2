/** Rules of the special forms that a declaration cannot say; the server decides in the end. */

import type { Assignment, FlowAction, Order, UnitRef } from "@/api/types";
import { type FieldFault, type Typed, isEmptyValue } from "./forms";

type Check = (values: Typed, order: Order, assignment: Assignment | null) => { field: string; words: string } | null;

const CHECKS: Record<string, Check[]> = {
  dispatch: [leadNotAssisting],
  arbitrate: [leadNotAssisting],
  reply: [contactOrReason],
  call_back: [answersOfReached, reasonOfUnsatisfied],
  refuse: [citizenTold],
};

function leadNotAssisting(values: Typed) {
  const lead = values.lead as UnitRef | null;
  const assisting = (values.assisting ?? []) as UnitRef[];
  return lead && assisting.some((unit) => unit.code === lead.code) ? { field: "assisting", words: "leadIsAssisting" } : null;
}

function contactOrReason(values: Typed, _order: Order, assignment: Assignment | null) {
  if (!assignment || assignment.contacted_at || assignment.part !== "lead" || assignment.parent !== null) return null;
  return isEmptyValue(values.unreachable_reason) ? { field: "unreachable_reason", words: "contactMissing" } : null;
}

function answersOfReached(values: Typed) {
  if (values.reached !== true) return null;
  if (isEmptyValue(values.solved)) return { field: "solved", words: "choose" };
  return isEmptyValue(values.satisfied) ? { field: "satisfied", words: "choose" } : null;
}

function reasonOfUnsatisfied(values: Typed) {
  const unhappy = ["unsatisfied", "very_unsatisfied"].includes(String(values.satisfied ?? "")) || values.solved === false;
  return values.reached === true && unhappy && isEmptyValue(values.reason) ? { field: "reason", words: "unsatisfiedReason" } : null;
}

function citizenTold(values: Typed) {
  return values.told_citizen === false ? { field: "told_citizen", words: "tellCitizen" } : null;
}

export function specialFaults(action: Pick<FlowAction, "name" | "fields">, values: Typed, order: Order,
  assignment: Assignment | null): FieldFault[] {
  return (CHECKS[action.name] ?? []).flatMap((check) => {
    const fault = check(values, order, assignment);
    if (!fault) return [];
    return [{ ...fault, label: action.fields.find((field) => field.name === fault.field)?.label ?? fault.field }];
  });
}
