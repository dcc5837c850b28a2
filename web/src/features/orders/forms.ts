/** Forms of the flow's actions 操作表单: built from the field declarations, checked, and turned into what the server takes. */

import type { StreetRef } from "@/ui/StreetPicker.vue";
import type { ActionField, FieldType, FlowAction, MatterRef, Order, Row, UnitRef } from "@/api/types";

export type MilestoneRow = { title: string; due_on: string };
/** What the controls hold: pickers hold the chosen thing with its words, so that it can be shown again later. */
export type FieldValue =
  | string | number | boolean | null | UnitRef | UnitRef[] | MatterRef | Pick<Row, "number" | "number_display" | "title"> | MilestoneRow[] | StreetRef;
export type Typed = Record<string, FieldValue>;

export const TEXT_LIMIT = 200;
export const LONG_TEXT_LIMIT = 10_000;

const EMPTY: Record<FieldType, () => FieldValue> = {
  text: () => "", long_text: () => "", boolean: () => null, integer: () => "", date: () => "", choice: () => "",
  unit: () => null, units: () => [], order: () => null, matter: () => null, nature: () => "", urgency: () => "",
  milestones: () => [{ title: "", due_on: "" }], street: () => null,
};

export function emptyValue(type: FieldType): FieldValue {
  return (EMPTY[type] ?? EMPTY.text)();
}

/** 更正 starts from what the order says now; everything else starts empty. */
export function startingValues(action: Pick<FlowAction, "name" | "fields">, order?: Order | null): Typed {
  const values: Typed = Object.fromEntries(action.fields.map((field) => [field.name, emptyValue(field.type)]));
  if (action.name !== "correct" || !order) return values;
  const now: Typed = {
    nature: order.nature, matter: order.matter, urgency: order.urgency, title: order.title, place_text: order.place.text,
    confidential: order.confidential,
    street: order.place.street_code ? { code: order.place.street_code, name: order.place.street ?? "" } : null,
  };
  for (const [name, value] of Object.entries(now)) if (name in values) values[name] = value;
  return values;
}

/** Kept values that still fit the form; a field that is gone or changed its kind falls away. */
export function withKept(start: Typed, kept: unknown): Typed {
  if (typeof kept !== "object" || kept === null) return { ...start };
  const from = kept as Typed;
  const values = { ...start };
  for (const [name, initial] of Object.entries(start)) {
    const value = from[name];
    if (value === undefined || Array.isArray(initial) !== Array.isArray(value)) continue;
    if (typeof initial === "string" && typeof value !== "string") continue;
    values[name] = value;
  }
  return values;
}

export function isEmptyValue(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === "string") return value.trim() === "";
  if (Array.isArray(value)) return value.every((one) => isEmptyValue(one) || (isMilestone(one) && !one.title.trim() && !one.due_on));
  return false;
}

function isMilestone(value: unknown): value is MilestoneRow {
  return typeof value === "object" && value !== null && "due_on" in value;
}

/** Nothing was typed that a person would miss. */
export function isUntouched(values: Typed, start: Typed): boolean {
  return JSON.stringify(values) === JSON.stringify(start);
}

export interface FieldFault {
  field: string;
  label: string;
  /** A key under `orders.check`, or with `said` the server's sentence. */
  words: string;
  said?: string;
  limit?: number;
}

/** What is wrong with a form before it is sent, in the order of its fields. */
export function formFaults(fields: ActionField[], values: Typed): FieldFault[] {
  const faults: FieldFault[] = [];
  for (const field of fields) {
    const value = values[field.name];
    const fault = (words: string, limit?: number): void => {
      faults.push(limit === undefined ? { field: field.name, label: field.label, words } : { field: field.name, label: field.label, words, limit });
    };
    if (isEmptyValue(value)) {
      if (field.required) fault(CHOSEN.has(field.type) ? "choose" : "fill");
      continue;
    }
    const length = typeof value === "string" ? Array.from(value).length : 0;
    if (field.type === "text" && length > TEXT_LIMIT) fault("long", TEXT_LIMIT);
    else if (field.type === "long_text" && length > LONG_TEXT_LIMIT) fault("long", LONG_TEXT_LIMIT);
    else if (field.type === "integer" && !/^\d{1,9}$/.test(String(value).trim())) fault("whole");
    else if (field.type === "milestones" && (value as MilestoneRow[]).some((row) => (row.title.trim() === "") !== (row.due_on === "")))
      fault("milestone");
  }
  return faults;
}

const CHOSEN = new Set<FieldType>([
  "choice", "nature", "urgency", "unit", "units", "order", "matter", "boolean", "date", "street",
]);

/** The values as the server takes them: codes for chosen things, nothing for what stayed empty. */
export function told(action: Pick<FlowAction, "name" | "fields">, values: Typed, start: Typed = {}): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of action.fields) {
    const value = values[field.name];
    if (isEmptyValue(value)) continue;
    // 更正 sends only what was changed.
    if (action.name === "correct" && JSON.stringify(value) === JSON.stringify(start[field.name])) continue;
    body[field.name] = serialised(field.type, value);
  }
  return body;
}

function serialised(type: FieldType, value: unknown): unknown {
  switch (type) {
    case "unit":
      return (value as UnitRef).code;
    case "units":
      return (value as UnitRef[]).map((unit) => unit.code);
    case "order":
      return (value as Pick<Row, "number">).number;
    case "matter":
      return (value as MatterRef).code;
    case "street":
      return (value as StreetRef).code;
    case "integer":
      return Number(value);
    case "milestones":
      return (value as MilestoneRow[]).filter((row) => row.title.trim() !== "").map((row) => ({ title: row.title.trim(), due_on: row.due_on }));
    case "text":
    case "long_text":
      return String(value).trim();
    default:
      return value;
  }
}

/** Nothing has to be said: such an action is done at one press. */
export function needsNothing(action: Pick<FlowAction, "fields">): boolean {
  return action.fields.every((field) => !field.required);
}
