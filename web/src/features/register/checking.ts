/** What is still missing before a call can be closed 填写检查: field by field, in the order of the form. */

import type { ActionField } from "@/api/types";
import type { Problem } from "@/api/problem";
import { type Closing, type DraftContent, wholeContent } from "./draft";
import { phoneFault } from "./typed";

/** `words` is a key under `register.check`, or with `said` the server's own sentence. */
export interface Fault {
  field: string;
  words: string;
  said?: string;
}

export const CONTENT_LIMIT = 20_000;
const PLACE_LIMIT = 300;
const TITLE_LIMIT = 200;
/** Natures that may be answered on the spot without naming the knowledge it rests on. */
export const ANSWERED_FREELY = new Set(["consult", "praise", "suggestion"]);

/** Everything wrong with the draft for this way of closing it; empty when it can go. */
export function faultsOf(draft: DraftContent, closing: Closing, fields: ActionField[] = []): Fault[] {
  const faults: Fault[] = [];
  const say = (field: string, words: string): void => {
    faults.push({ field, words });
  };
  const phone = phoneFault(draft.phone);
  if (phone) say("phone", phone);
  // Nobody can be called back, asked or told without a number; a transferred call needs none.
  else if (!draft.phone && !draft.anonymous && closing === "dispatch") say("phone", "phoneMissing");
  if (!draft.content.trim()) say("content", "contentMissing");
  else if (Array.from(wholeContent(draft)).length > CONTENT_LIMIT) say("content", "contentLong");
  if (draft.place.text.length > PLACE_LIMIT) say("place", "placeLong");
  if (!draft.matter && closing === "dispatch") say("matter", "matterMissing");
  if (!draft.nature) say("nature", "natureMissing");
  if (Array.from(draft.orderTitle).length > TITLE_LIMIT) say("orderTitle", "titleLong");
  if (closing !== "dispatch") faults.push(...closingFaults(draft, closing, fields));
  return faults;
}

function closingFaults(draft: DraftContent, closing: Closing, fields: ActionField[]): Fault[] {
  const values = draft.closings[closing] ?? {};
  const blank = (name: string): boolean => values[name] === undefined || values[name] === null || String(values[name]).trim() === "";
  const faults: Fault[] = fields.filter((field) => field.required && blank(field.name)).map((field) => ({
    field: `closing.${field.name}`, words: "fill", said: field.label,
  }));
  if (closing === "answer" && draft.nature && !ANSWERED_FREELY.has(draft.nature) && blank("knowledge"))
    faults.push({ field: "closing.knowledge", words: "knowledgeMissing" });
  if (closing === "refuse" && values.told_citizen === false) faults.push({ field: "closing.told_citizen", words: "tellCitizen" });
  return faults;
}

const SERVER_FIELDS: Record<string, string> = {
  title: "orderTitle", "place.text": "place", "place.street": "place", "citizen.phone": "phone", "citizen.name": "name",
  phone: "phone", name: "name", content: "content", matter: "matter", nature: "nature", urgency: "urgency", place: "place",
};

/** The server's faults, brought beside the fields of this page. */
export function serverFaults(problem: Problem, closing: Closing): Fault[] {
  return problem.errors.map((error) => ({
    field: SERVER_FIELDS[error.field] ?? (closing === "dispatch" ? error.field : `closing.${error.field}`),
    words: "said", said: error.sentence,
  }));
}
