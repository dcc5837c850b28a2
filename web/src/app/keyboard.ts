/**
 * The only place where keys are read. Screens register shortcuts; the newest scope wins; a key that a
 * Chinese input method is composing with is never ours; single letters are silent while someone types.
 */

import { type MaybeRefOrGetter, type ShallowReactive, onBeforeUnmount, onMounted, shallowReactive, toValue } from "vue";

export interface Shortcut {
  /** `j`, `?`, `Enter`, `Ctrl+Enter`, `Alt+M`; several with `|`. */
  keys: string;
  /** What it does, in the user's words (shown in the key map). */
  label: string | (() => string);
  run: (event: KeyboardEvent) => void;
  when?: () => boolean;
  /** Also while the focus is in a text field (default: only keys with Ctrl or Alt, and Escape). */
  inFields?: boolean;
  /** Keep it out of the key map. */
  hidden?: boolean;
}

export interface Scope {
  label: MaybeRefOrGetter<string>;
  shortcuts: Shortcut[];
  /** Nothing below this scope gets a key (an open dialog). */
  closed?: boolean;
}

const scopes: ShallowReactive<Scope[]> = shallowReactive([]);
let singleKeys = true;
let listening = false;

/** WCAG 2.1.4: single letters can be turned off; keys with Ctrl or Alt stay. */
export function setSingleKeys(on: boolean): void {
  singleKeys = on;
}

/** True while an input method is composing: Enter then confirms pinyin and nothing else. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229 || event.key === "Process";
}

const FULL_WIDTH: Record<string, string> = { "？": "?", "／": "/", "，": ",", "。": "." };
const NAMES: Record<string, string> = { esc: "escape", " ": "space", return: "enter" };

function baseName(key: string): string {
  const half = FULL_WIDTH[key] ?? key;
  const lower = half.toLowerCase();
  return NAMES[lower] ?? lower;
}

/** One spelling for a pressed key or a written shortcut: `ctrl+shift+enter`. */
export function chordOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey" | "code">): string {
  let key = baseName(event.key);
  // With Alt some layouts give another character; the position of a letter tells which key it was.
  if (event.altKey && /^Key[A-Z]$/.test(event.code ?? "")) key = event.code.slice(3).toLowerCase();
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  // Shift is part of the character itself for `?`; it counts only with keys that stay the same.
  if (event.shiftKey && (key.length > 1 || /[a-z]/.test(key))) parts.push("shift");
  return [...parts, key].join("+");
}

export function chordsOf(keys: string): string[] {
  return keys.split("|").map((one) => {
    const parts = one.trim().split("+").map((part) => part.trim());
    const key = baseName(parts.at(-1) || "+");
    const held = new Set(parts.slice(0, -1).map((part) => part.toLowerCase()));
    return [...["ctrl", "alt", "shift"].filter((name) => held.has(name)), key].join("+");
  });
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "file"].includes(target.type);
}

/** Enter and Space belong to a focused button or link before they belong to a shortcut. */
function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a[href], summary, [role='button'], [role='tab']") !== null;
}

function mayRun(shortcut: Shortcut, chord: string, event: KeyboardEvent): boolean {
  const plain = !chord.startsWith("ctrl+") && !chord.startsWith("alt+");
  if (isField(event.target) && plain && chord !== "escape" && !shortcut.inFields) return false;
  if (plain && !singleKeys && /^(shift\+)?[a-z0-9]$/.test(chord)) return false;
  if ((chord === "enter" || chord === "space") && isPressable(event.target)) return false;
  return !shortcut.when || shortcut.when();
}

/** Give a pressed key to the newest scope that wants it; true when one took it. */
export function press(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || isComposing(event)) return false;
  const chord = chordOf(event);
  for (let index = scopes.length - 1; index >= 0; index -= 1) {
    const scope = scopes[index];
    if (!scope) continue;
    for (const shortcut of scope.shortcuts) {
      if (!chordsOf(shortcut.keys).includes(chord) || !mayRun(shortcut, chord, event)) continue;
      event.preventDefault();
      shortcut.run(event);
      return true;
    }
    if (scope.closed) return false;
  }
  return false;
}

export function addScope(scope: Scope): () => void {
  if (!listening) {
    listening = true;
    window.addEventListener("keydown", press);
  }
  scopes.push(scope);
  return () => {
    const index = scopes.indexOf(scope);
    if (index >= 0) scopes.splice(index, 1);
  };
}

/** Shortcuts that live as long as the component: `useShortcuts(() => t("list.keys"), [{ keys: "j", ... }])`. */
export function useShortcuts(label: MaybeRefOrGetter<string>, shortcuts: Shortcut[], options: { closed?: boolean } = {}): void {
  let remove = (): void => undefined;
  onMounted(() => {
    remove = addScope({ label, shortcuts, ...options });
  });
  onBeforeUnmount(() => remove());
}

export interface KeyMapPart {
  label: string;
  entries: { keys: string[]; label: string }[];
}

const WRITTEN: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };

/** Two keys for one thing stand in one line. */
function merged(entries: KeyMapPart["entries"]): KeyMapPart["entries"] {
  const lines = new Map<string, string[]>();
  for (const { keys, label } of entries) lines.set(label, [...(lines.get(label) ?? []), ...keys]);
  return [...lines].map(([label, keys]) => ({ label, keys }));
}

/** Everything that works right now, the newest scope first. */
export function keyMap(): KeyMapPart[] {
  return scopes
    .map((scope) => ({
      label: toValue(scope.label),
      entries: merged(scope.shortcuts.filter((one) => !one.hidden && (!one.when || one.when())).map((one) => ({
        keys: one.keys.split("|").map((key) => WRITTEN[key.trim()] ?? key.trim()),
        label: typeof one.label === "function" ? one.label() : one.label,
      }))),
    }))
    .filter((part) => part.entries.length > 0)
    .reverse();
}
