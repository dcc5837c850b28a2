/** TanStack Query keys and queries that several screens share. */

import { QueryClient, keepPreviousData, useQuery } from "@tanstack/vue-query";
import { type MaybeRefOrGetter, computed, toValue } from "vue";
import * as calls from "./calls";
import { flowLabels } from "./labels";
import { isProblem } from "./problem";

export const keys = {
  welcome: ["welcome"] as const,
  flow: ["flow"] as const,
  queues: ["queues"] as const,
  lists: ["orders"] as const,
  list: (query: string) => ["orders", query] as const,
  order: (number: string) => ["order", number] as const,
  events: (number: string) => ["order", number, "events"] as const,
  routing: (number: string) => ["order", number, "routing"] as const,
  views: ["views"] as const,
  drafts: ["drafts"] as const,
};

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // Without a network the question fails at once and the page says so, instead of waiting silently.
        networkMode: "always",
        refetchOnWindowFocus: true,
        // A refusal stays a refusal; only a lost connection or a tired server is asked again.
        retry: (count, error) => (isProblem(error) && error.isOffline ? count < 2 : isProblem(error) && error.status >= 500 && count < 1),
        retryDelay: (count) => Math.min(8000, 600 * 2 ** count),
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

export const useWelcome = () =>
  useQuery({ queryKey: keys.welcome, queryFn: ({ signal }) => calls.welcome(signal), staleTime: Infinity });

/** The flow table: labels of every code and the fields of every action. */
export function useFlow() {
  const asked = useQuery({ queryKey: keys.flow, queryFn: ({ signal }) => calls.flow(signal), staleTime: 60 * 60_000 });
  return { ...asked, data: computed(() => (asked.data.value ? flowLabels(asked.data.value) : undefined)) };
}

export const useQueues = (enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({
    queryKey: keys.queues,
    queryFn: ({ signal }) => calls.queues(signal),
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
    enabled: () => toValue(enabled),
  });

export const useOrder = (number: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ["order", number] as const,
    queryFn: ({ signal }) => calls.order(toValue(number), signal),
    // No placeholder from the order before it: nobody may act on what another number showed.
    enabled: () => toValue(number) !== "",
  });

export const useOrderEvents = (number: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ["order", number, "events"] as const,
    queryFn: ({ signal }) => calls.events(toValue(number), signal),
    enabled: () => toValue(number) !== "",
  });

export const useRouting = (number: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({
    queryKey: ["order", number, "routing"] as const,
    queryFn: ({ signal }) => calls.routing(toValue(number), signal),
    enabled: () => toValue(number) !== "" && toValue(enabled),
    staleTime: 5 * 60_000,
  });

export const useViews = () =>
  useQuery({ queryKey: keys.views, queryFn: ({ signal }) => calls.views(signal), staleTime: 5 * 60_000 });
