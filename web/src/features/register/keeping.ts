/** Nothing typed is ever lost 草稿保管: in this browser every 2 s, on the server every 10 s, several drafts side by side. */

import { type Ref, computed, onScopeDispose, reactive, ref } from "vue";
import { isProblem } from "@/api/problem";
import { newKey } from "@/api/client";
import type { Draft } from "@/api/types";
import { type DraftContent, emptyDraft, isBlank, readDraft } from "./draft";

export const LOCAL_EVERY = 2_000;
export const SERVER_EVERY = 10_000;
/** The server lists no more than this; a draft that is not in a full list may still be there. */
const LISTED = 20;

export interface OpenDraft {
  /** Also the Idempotency-Key: whatever is pressed how often, this draft becomes one order. */
  key: string;
  content: DraftContent;
}

/** Where drafts go besides this browser. */
export interface DraftServer {
  list(): Promise<{ items: Draft[] }>;
  save(key: string, content: Record<string, unknown>): Promise<{ saved_at: string }>;
  remove(key: string): Promise<unknown>;
}

/** `waiting`: not there yet; `signedOut`, `offline`, `failed`: not there, and why. */
export type ServerState = "kept" | "waiting" | "offline" | "signedOut" | "tooLong" | "failed";

/** The same draft was written at another seat meanwhile; `theirs` is null when it was registered or thrown away there. */
export interface Conflict {
  theirs: DraftContent | null;
  savedAt: string | null;
}
export type Settlement = "mine" | "theirs" | "both";

export interface Keeper {
  drafts: OpenDraft[];
  current: Readonly<Ref<OpenDraft>>;
  conflicts: ReadonlyMap<string, Conflict>;
  localAt: Ref<number | null>;
  localFails: Ref<boolean>;
  serverAt: Ref<number | null>;
  server: Ref<ServerState>;
  /** Read what this browser and the server keep; the newer copy of each wins. Gives the number of drafts with words. */
  restore(): Promise<number>;
  open(key: string): void;
  begin(): OpenDraft;
  /** Thrown away or registered: gone here and on the server, also when the server cannot be reached right now. */
  drop(key: string): Promise<void>;
  /** Undo of `drop`, with the same key: a press whose answer was lost still counts once. */
  takeBack(draft: OpenDraft): void;
  settle(key: string, how: Settlement): void;
  saveLocal(): void;
  saveServer(): Promise<void>;
  stop(): void;
}

const PREFIX = "huying.draft";

function whyNot(error: unknown): ServerState {
  if (!isProblem(error)) return "failed";
  if (error.isOffline) return "offline";
  if (error.isSignIn) return "signedOut";
  return error.status === 413 ? "tooLong" : "failed";
}

export function useKeeper(staff: number | string, server: DraftServer, storage: Storage = localStorage): Keeper {
  const place = (key: string): string => `${PREFIX}.${staff}.${key}`;
  const gonePlace = `${PREFIX}s-gone.${staff}`;
  const currentPlace = `${PREFIX}-current.${staff}`;
  const drafts = reactive<OpenDraft[]>([]);
  const conflicts = reactive(new Map<string, Conflict>());
  const currentKey = ref("");
  const localAt = ref<number | null>(null);
  const localFails = ref(false);
  const serverAt = ref<number | null>(null);
  const serverState = ref<ServerState>("kept");
  /** What each place last got, to see what changed; never shown, so not reactive. */
  const inBrowser = new Map<string, string>();
  const onServer = new Map<string, string>();
  /** When the server's copy, as this seat knows it, was saved: another time means another seat. */
  const savedAt = new Map<string, string>();
  let sending: Promise<void> | null = null;

  /** The content without the time of its last change, for comparing. */
  const bare = (content: DraftContent): string => JSON.stringify({ ...content, editedAt: 0 });
  const plain = (content: DraftContent): DraftContent => JSON.parse(JSON.stringify(content)) as DraftContent;

  /** False when the storage is full or forbidden; the server copy goes on. */
  function write(name: string, text: string | null): boolean {
    try {
      if (text === null) storage.removeItem(name);
      else storage.setItem(name, text);
      return true;
    } catch {
      return false;
    }
  }

  function read(name: string): string | null {
    try {
      return storage.getItem(name);
    } catch {
      localFails.value = true;
      return null;
    }
  }

  function readList(name: string): string[] {
    try {
      const list: unknown = JSON.parse(read(name) ?? "[]");
      return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
    } catch {
      return [];
    }
  }

  function add(key: string, content: DraftContent): OpenDraft {
    drafts.push({ key, content });
    return drafts.at(-1) as OpenDraft;
  }

  function begin(): OpenDraft {
    saveLocal();
    // One blank page is enough.
    const blank = drafts.find((draft) => isBlank(draft.content));
    const draft = blank ?? add(newKey(), emptyDraft());
    currentKey.value = draft.key;
    return draft;
  }

  const current = computed(() => drafts.find((draft) => draft.key === currentKey.value) ?? (drafts[0] as OpenDraft));

  function open(key: string): void {
    saveLocal();
    if (drafts.some((draft) => draft.key === key)) currentKey.value = key;
    write(currentPlace, currentKey.value);
  }

  function saveLocal(): void {
    let wrote = false;
    let fails = false;
    for (const draft of drafts) {
      const now = bare(draft.content);
      if (inBrowser.get(draft.key) === now || (isBlank(draft.content) && !inBrowser.has(draft.key))) continue;
      draft.content.editedAt = Date.now();
      if (write(place(draft.key), JSON.stringify(draft.content))) inBrowser.set(draft.key, now);
      else fails = true;
      wrote = true;
    }
    if (wrote) {
      localFails.value = fails;
      if (!fails) localAt.value = Date.now();
      if (serverState.value === "kept") serverState.value = "waiting";
    }
    if (drafts.length) write(currentPlace, currentKey.value);
  }

  /** Before a copy is replaced: was it written, or taken away, at another seat since this one saw it? */
  async function lookForConflicts(changed: OpenDraft[]): Promise<void> {
    const known = changed.filter((draft) => savedAt.has(draft.key));
    if (!known.length) return;
    const { items } = await server.list();
    for (const draft of known) {
      const theirs = items.find((item) => item.key === draft.key);
      if (!drafts.includes(draft) || theirs?.saved_at === savedAt.get(draft.key)) continue;
      if (!theirs) {
        if (items.length < LISTED) conflicts.set(draft.key, { theirs: null, savedAt: null });
        continue;
      }
      const content = readDraft(theirs.content);
      if (bare(content) === bare(draft.content)) savedAt.set(draft.key, theirs.saved_at);
      else conflicts.set(draft.key, { theirs: content, savedAt: theirs.saved_at });
    }
  }

  async function sendAll(): Promise<void> {
    for (const key of readList(gonePlace)) {
      await server.remove(key);
      write(gonePlace, JSON.stringify(readList(gonePlace).filter((one) => one !== key)));
    }
    const changed = drafts.filter((draft) =>
      onServer.get(draft.key) !== bare(draft.content) && (onServer.has(draft.key) || !isBlank(draft.content)) && !conflicts.has(draft.key));
    await lookForConflicts(changed);
    for (const draft of changed) {
      if (conflicts.has(draft.key) || !drafts.includes(draft)) continue;
      const now = bare(draft.content);
      const answer = await server.save(draft.key, { ...plain(draft.content) });
      // Dropped while it was on its way: take the copy away again.
      if (!drafts.includes(draft)) await server.remove(draft.key);
      else {
        onServer.set(draft.key, now);
        savedAt.set(draft.key, answer.saved_at);
      }
      serverAt.value = Date.now();
    }
    serverState.value = conflicts.size ? "waiting" : "kept";
  }

  /** One round at a time; who comes meanwhile waits for the one that runs. */
  function saveServer(): Promise<void> {
    sending ??= sendAll().catch((error: unknown) => {
      serverState.value = whyNot(error);
    }).finally(() => {
      sending = null;
    });
    return sending;
  }

  function forgetCopies(key: string): void {
    inBrowser.delete(key);
    onServer.delete(key);
    savedAt.delete(key);
    conflicts.delete(key);
  }

  async function drop(key: string): Promise<void> {
    const index = drafts.findIndex((draft) => draft.key === key);
    if (index >= 0) drafts.splice(index, 1);
    write(place(key), null);
    const known = onServer.has(key) || inBrowser.has(key);
    forgetCopies(key);
    if (known) write(gonePlace, JSON.stringify([...new Set([...readList(gonePlace), key])]));
    if (currentKey.value === key) {
      const next = drafts.at(-1);
      if (next) currentKey.value = next.key;
      else begin();
    }
    if (known) await saveServer();
  }

  function takeBack(draft: OpenDraft): void {
    write(gonePlace, JSON.stringify(readList(gonePlace).filter((one) => one !== draft.key)));
    if (!drafts.some((one) => one.key === draft.key)) add(draft.key, draft.content);
    currentKey.value = draft.key;
    saveLocal();
  }

  function settle(key: string, how: Settlement): void {
    const conflict = conflicts.get(key);
    const draft = drafts.find((one) => one.key === key);
    if (!conflict || !draft) return;
    conflicts.delete(key);
    if (how === "mine") {
      // Seen and overruled: the next round puts this copy in place of theirs.
      if (conflict.savedAt) savedAt.set(key, conflict.savedAt);
      else savedAt.delete(key);
      onServer.delete(key);
      return;
    }
    const mine = plain(draft.content);
    if (conflict.theirs) {
      draft.content = conflict.theirs;
      onServer.set(key, bare(conflict.theirs));
      if (conflict.savedAt) savedAt.set(key, conflict.savedAt);
    }
    if (how === "both") {
      // A copy is a request of its own: what the other seat registered has nothing to do with it.
      add(newKey(), { ...mine, made: null, sent: [] });
    }
    if (!conflict.theirs) {
      onServer.delete(key);
      void drop(key);
    }
    saveLocal();
  }

  function readBrowser(): void {
    const start = `${PREFIX}.${staff}.`;
    try {
      for (let index = 0; index < storage.length; index += 1) {
        const name = storage.key(index);
        if (name?.startsWith(start)) readOne(name, name.slice(start.length));
      }
    } catch {
      // Storage is forbidden: the server's copies are all there is.
      localFails.value = true;
    }
  }

  function readOne(name: string, key: string): void {
    if (drafts.some((draft) => draft.key === key)) return;
    try {
      const content = readDraft(JSON.parse(storage.getItem(name) ?? "null"));
      if (isBlank(content)) return;
      add(key, content);
      inBrowser.set(key, bare(content));
      localAt.value = Math.max(localAt.value ?? 0, content.editedAt);
    } catch {
      // A damaged copy is left where it is; the server's copy may still be good.
    }
  }

  async function restore(): Promise<number> {
    readBrowser();
    drafts.sort((a, b) => a.content.editedAt - b.content.editedAt);
    const last = read(currentPlace);
    if (drafts.some((draft) => draft.key === last)) currentKey.value = last as string;
    else begin();
    const gone = new Set(readList(gonePlace));
    try {
      const { items } = await server.list();
      for (const item of items) {
        if (gone.has(item.key)) continue;
        const theirs = readDraft(item.content);
        onServer.set(item.key, bare(theirs));
        savedAt.set(item.key, item.saved_at);
        serverAt.value = Math.max(serverAt.value ?? 0, Date.parse(item.saved_at) || 0);
        const mine = drafts.find((draft) => draft.key === item.key);
        if (!mine) {
          if (!isBlank(theirs)) add(item.key, theirs);
        } else if (theirs.editedAt > mine.content.editedAt && inBrowser.get(item.key) === bare(mine.content)) {
          // Written later at another seat, and not touched here since.
          mine.content = theirs;
        }
      }
    } catch (error) {
      serverState.value = whyNot(error);
    }
    return drafts.filter((draft) => !isBlank(draft.content)).length;
  }

  const timers = [
    window.setInterval(saveLocal, LOCAL_EVERY),
    window.setInterval(() => void saveServer(), SERVER_EVERY),
  ];
  const leaving = (): void => saveLocal();
  window.addEventListener("pagehide", leaving);
  document.addEventListener("visibilitychange", leaving);

  function stop(): void {
    saveLocal();
    void saveServer();
    timers.forEach((timer) => window.clearInterval(timer));
    window.removeEventListener("pagehide", leaving);
    document.removeEventListener("visibilitychange", leaving);
  }
  onScopeDispose(stop);
  begin();

  return {
    drafts, current, conflicts, localAt, localFails, serverAt, server: serverState, restore, open, begin, drop, takeBack, settle, saveLocal,
    saveServer, stop,
  };
}
