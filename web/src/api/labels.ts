/** The server's labels in the language of the screen: Chinese as it said them, English by code. */

import { currentLanguage, labelOf } from "@/app/i18n";
import type { ActionField, Assignment, Flow, FlowAction, Labelled, Order, OrderAction } from "./types";

const named = (group: string, items: Labelled[]): Labelled[] =>
  items.map((one) => ({ ...one, label: labelOf(group, one.code, one.label) }));

function field(one: ActionField): ActionField {
  return { ...one, label: labelOf("field", one.name, one.label), choices: named("choice", one.choices), hint: "" };
}
function action(one: FlowAction): FlowAction {
  // What an action means in a sentence is written in Chinese only; its English name has to do.
  return { ...one, label: labelOf("action", one.name, one.label), says: "", fields: one.fields.map(field) };
}

export function flowLabels(flow: Flow): Flow {
  if (currentLanguage() === "zh-CN") return flow;
  return {
    states: named("state", flow.states), assignment_states: named("assignment", flow.assignment_states),
    outcomes: named("outcome", flow.outcomes), natures: named("nature", flow.natures), urgencies: named("urgency", flow.urgencies),
    channels: named("channel", flow.channels), parts: named("part", flow.parts), clock_kinds: named("clock", flow.clock_kinds),
    actions: flow.actions.map(action),
  };
}

export function orderLabels(order: Order): Order {
  if (currentLanguage() === "zh-CN") return order;
  const offered = (one: OrderAction): OrderAction => ({ ...one, label: labelOf("action", one.name, one.label) });
  const share = (one: Assignment): Assignment => ({
    ...one, part_label: labelOf("part", one.part, one.part_label), state_label: labelOf("assignment", one.state, one.state_label),
    result_label: labelOf("choice", one.result, one.result_label),
  });
  return {
    ...order, state_label: labelOf("state", order.state, order.state_label), actions: order.actions.map(offered),
    assignments: order.assignments.map(share),
    attempts: order.attempts.map((one) => ({ ...one, satisfied_label: labelOf("choice", one.satisfied, one.satisfied_label) })),
  };
}
