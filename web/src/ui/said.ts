/** "Done" messages: `say("已派单给市住建局", undo)`; shown by UndoBar for ten seconds. */

import { shallowRef } from "vue";

export interface Said {
  words: string;
  undo?: () => void | Promise<void>;
}

export const said = shallowRef<Said | null>(null);
let timer: number | undefined;

export function say(words: string, undo?: () => void | Promise<void>): void {
  window.clearTimeout(timer);
  said.value = undo ? { words, undo } : { words };
  timer = window.setTimeout(unsay, 10_000);
}

export function unsay(): void {
  window.clearTimeout(timer);
  said.value = null;
}
