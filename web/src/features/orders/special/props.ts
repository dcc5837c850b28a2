/** What every special form gets, and how the panel finds it by the action's name. */

import type { ActionField, Assignment, Order } from "@/api/types";
import type { FieldFault } from "../forms";

export interface SpecialProps {
  fields: ActionField[];
  order: Order;
  assignment: Assignment | null;
  faults: FieldFault[];
  disabled: boolean;
}

export function pick(fields: ActionField[], ...names: string[]): ActionField[] {
  return names.map((name) => fields.find((field) => field.name === name)).filter((field) => field !== undefined);
}

/** Fields a special form does not know (yet): shown below it, so that a new one is never unreachable. */
export function rest(fields: ActionField[], ...names: string[]): ActionField[] {
  return fields.filter((field) => !names.includes(field.name));
}
