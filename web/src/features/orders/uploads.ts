/** Files on their way to the server: one after the other, each says how far it is and why it was refused. */

import { useQueryClient } from "@tanstack/vue-query";
import { ref } from "vue";
import * as calls from "@/api/calls";
import { keys } from "@/api/queries";
import { sentenceOf } from "@/ui/errors";

export interface Sending {
  id: number;
  file: File;
  /** Why it was refused; empty while it is on its way. */
  failed: string;
}

export function useUploads(number: () => string, done: (file: File) => void = () => undefined) {
  const client = useQueryClient();
  const sending = ref<Sending[]>([]);
  let next = 1;
  /** Two at a time would compete for a slow line in the street; one after the other is also easier to read. */
  let queue: Promise<void> = Promise.resolve();

  async function send(id: number): Promise<void> {
    const one = sending.value.find((row) => row.id === id);
    if (!one) return;
    one.failed = "";
    const to = number();
    try {
      await calls.attach(to, one.file);
      drop(id);
      done(one.file);
      await client.invalidateQueries({ queryKey: keys.order(to) });
    } catch (error) {
      one.failed = sentenceOf(error);
    }
  }
  function again(id: number): void {
    queue = queue.then(() => send(id));
  }
  function add(files: Iterable<File> | null | undefined): void {
    for (const file of files ?? []) {
      sending.value.push({ id: next, file, failed: "" });
      again(next);
      next += 1;
    }
  }
  function drop(id: number): void {
    sending.value = sending.value.filter((other) => other.id !== id);
  }
  /** From `<input type=file @change>`; the same file can be chosen again afterwards. */
  function chosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    add([...(input.files ?? [])]);
    input.value = "";
  }
  return { sending, add, again, drop, chosen };
}
