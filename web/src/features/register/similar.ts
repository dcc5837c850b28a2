/** Orders like the one being written, found by searching: same street and matter first, else the telling words of the text. */

import { ref, watch, onScopeDispose, type Ref } from "vue";
import * as calls from "@/api/calls";
import { latestOnly } from "@/api/client";
import type { Row } from "@/api/types";
import type { DraftContent } from "./draft";
import { searchWords } from "./typed";

export const SIMILAR_WAIT = 400;
const SHOWN = 8;
/** Text shorter than this says too little to search by. */
const ENOUGH = 6;

export interface Similar {
  rows: Row[];
  by: "spot" | "words";
  words: string;
}
interface Try {
  by: Similar["by"];
  words: string;
  query: Record<string, string | number>;
}

/** What to ask, in turn, until something is found; the search wants all words of one try. */
export function triesFor(draft: Pick<DraftContent, "content" | "matter" | "place" | "orderTitle">): Try[] {
  const tries: Try[] = [];
  if (draft.matter && draft.place.street)
    tries.push({ by: "spot", words: "", query: { matter: draft.matter.code, street: draft.place.street, limit: SHOWN } });
  const text = draft.content.trim();
  if (Array.from(text).length >= ENOUGH) {
    const words = searchWords(`${draft.orderTitle}。${text}`);
    const [first, second, third] = words;
    const sets = third ? [[first, second, third], [first, second], [first, third], [second, third]] : second ? [[first, second]] : first ? [[first]] : [];
    for (const set of sets) {
      const q = set.join(" ");
      tries.push({ by: "words", words: q, query: { q, limit: SHOWN } });
    }
  }
  return tries;
}

export function useSimilar(draft: Ref<DraftContent>) {
  const found = ref<Similar | null>(null);
  const searching = ref(false);
  const failure = ref<unknown>(null);
  let timer: number | undefined;
  let asked = "";

  const ask = latestOnly(async (signal: AbortSignal, tries: Try[]): Promise<Similar> => {
    let last: Similar = { rows: [], by: "words", words: "" };
    for (const one of tries) {
      const { items } = await calls.orders(one.query, signal);
      last = { rows: items, by: one.by, words: one.words };
      if (items.length) break;
    }
    return last;
  });

  async function search(again = false): Promise<void> {
    const tries = triesFor(draft.value);
    const text = JSON.stringify(tries.map((one) => one.query));
    if (text === asked && !again && !failure.value) return;
    asked = text;
    failure.value = null;
    if (!tries.length) {
      ask.cancel();
      found.value = null;
      searching.value = false;
      return;
    }
    searching.value = true;
    try {
      const answer = await ask(tries);
      if (answer === undefined) return;
      found.value = answer;
    } catch (error) {
      failure.value = error;
    }
    searching.value = false;
  }

  watch(() => [draft.value.content, draft.value.matter?.code, draft.value.place.street] as const, () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void search(), SIMILAR_WAIT);
  }, { immediate: true });
  onScopeDispose(() => {
    window.clearTimeout(timer);
    ask.cancel();
  });
  return { found, searching, failure, search };
}
