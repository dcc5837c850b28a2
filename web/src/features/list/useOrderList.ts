/** The rows behind a list: keyset pages, the old rows dimmed while new ones are read, hints counted. */

import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/vue-query";
import { type MaybeRefOrGetter, type Ref, computed, onBeforeUnmount, ref, toValue, watch } from "vue";
import * as calls from "@/api/calls";
import { keys } from "@/api/queries";
import type { Row } from "@/api/types";
import { onHint } from "@/app/live";

export const PAGE = 50;

export function useOrderList(query: MaybeRefOrGetter<string>, options: { enabled?: MaybeRefOrGetter<boolean>; everyMs?: number } = {}) {
  const client = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: computed(() => keys.list(toValue(query))),
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams(toValue(query));
      asked.set("limit", String(PAGE));
      if (pageParam) asked.set("cursor", pageParam);
      return calls.orders(asked.toString(), signal);
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    enabled: () => toValue(options.enabled ?? true),
    refetchInterval: options.everyMs ?? false,
  });
  const rows = computed<Row[]>(() => {
    // A row that moved between two pages while one reads is shown once.
    const seen = new Set<string>();
    return (list.data.value?.pages ?? []).flatMap((page) => page.items).filter((row) => !seen.has(row.number) && seen.add(row.number));
  });
  const total = computed(() => {
    const page = list.data.value?.pages.at(-1);
    return page ? { count: page.estimated_total, estimated: page.total_is_estimate } : null;
  });

  /** Numbers that moved since the rows were read: the reader decides when rows may jump. */
  const moved: Ref<Set<string>> = ref(new Set());
  const stop = onHint((hint) => {
    moved.value = new Set(moved.value).add(hint.number);
  });
  watch(() => list.dataUpdatedAt.value, () => {
    moved.value = new Set();
  });
  watch(() => toValue(query), () => {
    moved.value = new Set();
  });
  onBeforeUnmount(stop);

  async function renew(): Promise<void> {
    await client.invalidateQueries({ queryKey: keys.list(toValue(query)), exact: true });
  }
  return { ...list, rows, total, moved, renew };
}

/** Which row the cursor goes to: `by` rows on, staying inside. */
export function stepped(rows: readonly Row[], cursor: string, by: number): string {
  if (!rows.length) return "";
  const at = rows.findIndex((row) => row.number === cursor);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  return rows[next]?.number ?? "";
}

/** After the row under the cursor left the list: the one that moved up into its place. */
export function successor(before: readonly Row[], after: readonly Row[], cursor: string): string {
  if (after.some((row) => row.number === cursor)) return cursor;
  const at = before.findIndex((row) => row.number === cursor);
  const still = new Set(after.map((row) => row.number));
  const next = before.slice(at + 1).find((row) => still.has(row.number));
  return next?.number ?? after[Math.min(Math.max(at, 0), after.length - 1)]?.number ?? "";
}
