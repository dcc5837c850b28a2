/** One registration being written 登记草稿: everything the operator has typed, as plain values that survive a reload. */

import type { MatterRef, NewOrder, Matter } from "@/api/types";
import type { PlaceValue } from "@/ui/PlacePicker.vue";
import { halfDigits, proposedTitle } from "./typed";

export type DraftMatter = MatterRef & Partial<Pick<Matter, "definition" | "urgency" | "questions" | "everyday">>;
/** What closes the call: dispatch needs no more; the others have their own small form. */
export type Closing = "dispatch" | "answer" | "transfer" | "refuse";

export interface DraftContent {
  phone: string;
  name: string;
  /** 先生 / 女士, as it is said. */
  title: string;
  anonymous: boolean;
  content: string;
  place: PlaceValue;
  matter: DraftMatter | null;
  /** Answers to the matter's extra questions, by the question itself: a change of matter keeps what fits. */
  answers: Record<string, string>;
  nature: string;
  urgency: string;
  confidential: boolean;
  orderTitle: string;
  /** What the operator set by hand is no longer proposed. */
  touched: { title: boolean; urgency: boolean; confidential: boolean };
  /** The form that is open; dispatch needs none. */
  closing: Closing;
  /** What was typed into the answer, transfer and refusal forms, each kept for itself. */
  closings: Record<string, Record<string, unknown>>;
  /** The order that exists already when only the second step (answer, transfer, refusal) is still open. */
  made: { number: string; display: string; version: number } | null;
  /** Bodies that were sent and got no answer, the first one first: the very same one finds out whether it arrived. */
  sent: NewOrder[];
  /** When the seat last changed it (ms), by which the newer of two copies is known. */
  editedAt: number;
}

export function emptyPlace(): PlaceValue {
  return { text: "", street: null, path: "", lat: null, lng: null };
}

export function emptyDraft(): DraftContent {
  return {
    phone: "", name: "", title: "", anonymous: false, content: "", place: emptyPlace(), matter: null, answers: {}, nature: "",
    urgency: "normal", confidential: false, orderTitle: "", touched: { title: false, urgency: false, confidential: false },
    closing: "dispatch", closings: {}, made: null, sent: [], editedAt: 0,
  };
}

/** Read a stored draft, also one from an older version of the page or a damaged one: unknown parts fall away. */
export function readDraft(stored: unknown): DraftContent {
  const draft = emptyDraft();
  if (typeof stored !== "object" || stored === null) return draft;
  const from = stored as Record<string, unknown>;
  const target = draft as unknown as Record<string, unknown>;
  for (const [name, initial] of Object.entries(emptyDraft())) {
    const value = from[name];
    if (value === undefined || value === null) continue;
    if (initial === null && (typeof value !== "object" || Array.isArray(value))) continue;
    if (initial !== null && (typeof value !== typeof initial || Array.isArray(value) !== Array.isArray(initial))) continue;
    const isPlain = typeof initial === "object" && initial !== null && !Array.isArray(initial);
    target[name] = isPlain ? { ...initial, ...(value as object) } : value;
  }
  return draft;
}

/** Nothing a person would miss; such a draft is not kept. */
export function isBlank(draft: DraftContent): boolean {
  const typed = [draft.phone, draft.name, draft.content, draft.place.text, draft.orderTitle, draft.nature];
  return typed.every((text) => text.trim() === "") && !draft.matter && !draft.made
    && Object.values(draft.answers).every((text) => text.trim() === "");
}

/** The words that tell one draft from another in the strip of drafts. */
export function draftName(draft: DraftContent): string {
  return draft.orderTitle.trim() || proposedTitle(draft.content) || draft.matter?.name || draft.place.text.trim() || "";
}

/** Follow what the fields propose to each other, without touching what was set by hand. */
export function propose(draft: DraftContent): void {
  if (!draft.touched.title) draft.orderTitle = proposedTitle(draft.content);
  if (!draft.touched.urgency) draft.urgency = draft.matter?.urgency || "normal";
  // 举报 is confidential by default.
  if (!draft.touched.confidential) draft.confidential = draft.nature === "report";
}

/** The content with the answers to the extra questions below it, so that a handler reads them in one piece. */
export function wholeContent(draft: DraftContent): string {
  const asked = draft.matter?.questions ?? [];
  const lines = asked
    .map((question) => ({ question, answer: (draft.answers[question] ?? "").trim() }))
    .filter((one) => one.answer !== "")
    .map((one) => `${one.question.replace(/[：:？?\s]+$/, "")}：${one.answer}`);
  return [draft.content.trim(), ...lines].join("\n");
}

/** The body of POST /orders. */
export function toNewOrder(draft: DraftContent, key: string, submit: boolean): NewOrder {
  return {
    channel: "phone",
    nature: draft.nature,
    title: halfDigits(draft.orderTitle).trim(),
    content: halfDigits(wholeContent(draft)),
    matter: draft.matter?.code ?? null,
    place: {
      text: halfDigits(draft.place.text).trim(), street: draft.place.street, lat: draft.place.lat, lng: draft.place.lng,
    },
    citizen: { name: draft.name.trim(), phone: draft.phone, anonymous: draft.anonymous, title: draft.title },
    urgency: draft.urgency,
    confidential: draft.confidential,
    source_id: null,
    submit,
    draft_key: key,
  };
}
