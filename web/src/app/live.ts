/**
 * Live hints over server-sent events. A hint only says that an order moved; what is on the screen is read
 * again. Lost, late and repeated hints are harmless; without the stream everything is read every minute.
 */

import type { QueryClient } from "@tanstack/vue-query";
import { ref, shallowReactive } from "vue";
import { keys } from "@/api/queries";
import type { Hint } from "@/api/types";

export type Liveness = "off" | "on" | "broken";
export const liveness = ref<Liveness>("off");

type Listener = (hint: Hint) => void;
const listeners = shallowReactive(new Set<Listener>());

/** Hear every hint; returns the way to stop. */
export function onHint(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const SETTLE_MS = 1500;
const AGAIN_MS = 10_000;
const SPREAD_MS = 4000;

/** A hint, or "missed" when the server says that hints were lost. */
export function read(raw: string): Hint | "missed" | null {
  try {
    const hint = JSON.parse(raw) as Partial<Hint>;
    if (hint.kind === "missed") return "missed";
    return typeof hint.number === "string" ? { number: hint.number, version: Number(hint.version ?? 0), kind: String(hint.kind ?? "") } : null;
  } catch {
    return null;
  }
}

/** Open the stream and keep it open until the returned function is called. */
export function listen(url: string, client: QueryClient): () => void {
  let source: EventSource | null = null;
  let again: number | undefined;
  let settle: number | undefined;
  let catchUp: number | undefined;
  let stopped = false;

  function moved(hint: Hint): void {
    const kept = client.getQueryData<{ version: number }>(keys.order(hint.number));
    if (!kept || kept.version < hint.version || !hint.version) {
      void client.invalidateQueries({ queryKey: keys.order(hint.number) });
    }
    for (const listener of listeners) listener(hint);
    // A burst of hints costs one reading of the counts, not one each.
    settle ??= window.setTimeout(() => {
      settle = undefined;
      void client.invalidateQueries({ queryKey: keys.queues });
    }, SETTLE_MS);
  }

  function missed(): void {
    // Everybody is told at once, after an import or a restart: not everybody asks in the same moment.
    catchUp ??= window.setTimeout(() => {
      catchUp = undefined;
      void client.invalidateQueries();
    }, Math.random() * SPREAD_MS);
  }

  function open(): void {
    if (stopped) return;
    source = new EventSource(url, { withCredentials: true });
    source.onopen = () => {
      if (liveness.value === "broken") {
        // Hints were lost meanwhile: read everything that is on the screen once.
        void client.invalidateQueries();
      }
      liveness.value = "on";
    };
    source.addEventListener("hint", (event) => {
      const hint = read((event as MessageEvent<string>).data);
      if (hint === "missed") missed();
      else if (hint) moved(hint);
    });
    source.onerror = () => {
      liveness.value = "broken";
      if (source?.readyState === EventSource.CLOSED) {
        window.clearTimeout(again);
        again = window.setTimeout(open, AGAIN_MS);
      }
    };
  }

  open();
  return () => {
    stopped = true;
    window.clearTimeout(again);
    window.clearTimeout(settle);
    window.clearTimeout(catchUp);
    source?.close();
    liveness.value = "off";
  };
}
