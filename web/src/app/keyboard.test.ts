import { afterEach, describe, expect, it, vi } from "vitest";
import { addScope, chordOf, chordsOf, isComposing, keyMap, press, setSingleKeys } from "./keyboard";

const removals: (() => void)[] = [];
function scope(keys: string, extra: object = {}, closed = false) {
  const run = vi.fn();
  removals.push(addScope({ label: "测试", shortcuts: [{ keys, label: keys, run, ...extra }], closed }));
  return run;
}
function key(key: string, options: KeyboardEventInit & { keyCode?: number; on?: HTMLElement } = {}): boolean {
  const { on, keyCode, ...rest } = options;
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...rest });
  if (keyCode !== undefined) Object.defineProperty(event, "keyCode", { value: keyCode });
  if (options.isComposing) Object.defineProperty(event, "isComposing", { value: true });
  Object.defineProperty(event, "target", { value: on ?? document.body });
  return press(event);
}
function field(tag: "input" | "textarea" | "button" = "input"): HTMLElement {
  return document.createElement(tag);
}

afterEach(() => {
  removals.splice(0).forEach((remove) => remove());
  setSingleKeys(true);
});

describe("input methods", () => {
  it("never takes the Enter that confirms pinyin", () => {
    const run = scope("Enter | Ctrl+Enter", { inFields: true });
    expect(key("Enter", { isComposing: true, on: field() })).toBe(false);
    expect(key("Enter", { keyCode: 229, on: field() })).toBe(false);
    expect(key("Process", { on: field() })).toBe(false);
    expect(key("Enter", { ctrlKey: true, isComposing: true, on: field("textarea") })).toBe(false);
    expect(run).not.toHaveBeenCalled();
    expect(key("Enter", { ctrlKey: true, on: field("textarea") })).toBe(true);
    expect(run).toHaveBeenCalledOnce();
  });

  it("knows composing by flag, by key code and by name", () => {
    expect(isComposing(new KeyboardEvent("keydown", { key: "Process" }))).toBe(true);
    expect(isComposing(new KeyboardEvent("keydown", { key: "a" }))).toBe(false);
  });

  it("reads full-width marks as the plain ones", () => {
    const run = scope("?");
    key("？", { shiftKey: true });
    key("?", { shiftKey: true });
    expect(run).toHaveBeenCalledTimes(2);
  });
});

describe("where a key counts", () => {
  it("keeps single letters for the text one types", () => {
    const run = scope("J");
    expect(key("j", { on: field() })).toBe(false);
    expect(key("j", { on: field("textarea") })).toBe(false);
    expect(key("j")).toBe(true);
    expect(run).toHaveBeenCalledOnce();
  });

  it("lets keys with Ctrl or Alt work in fields", () => {
    const run = scope("Alt+M");
    expect(key("m", { altKey: true, on: field() })).toBe(true);
    expect(run).toHaveBeenCalledOnce();
  });

  it("finds the letter behind Alt by its position", () => {
    expect(chordOf(new KeyboardEvent("keydown", { key: "µ", altKey: true, code: "KeyM" }))).toBe("alt+m");
  });

  it("leaves Enter to a focused button", () => {
    const run = scope("Enter");
    expect(key("Enter", { on: field("button") })).toBe(false);
    expect(key("Enter")).toBe(true);
    expect(run).toHaveBeenCalledOnce();
  });

  it("does not mistake Ctrl+J for J, nor Shift+J", () => {
    const run = scope("J");
    expect(key("j", { ctrlKey: true })).toBe(false);
    expect(key("J", { shiftKey: true })).toBe(false);
    expect(run).not.toHaveBeenCalled();
  });

  it("can turn single letters off and keep the others", () => {
    const letters = scope("J");
    const chords = scope("Ctrl+Enter");
    setSingleKeys(false);
    expect(key("j")).toBe(false);
    expect(key("Enter", { ctrlKey: true })).toBe(true);
    expect(letters).not.toHaveBeenCalled();
    expect(chords).toHaveBeenCalledOnce();
  });
});

describe("scopes", () => {
  it("asks the newest first, and falls through when it declines", () => {
    const below = scope("J");
    const above = scope("J", { when: () => false });
    key("j");
    expect(above).not.toHaveBeenCalled();
    expect(below).toHaveBeenCalledOnce();
  });

  it("lets nothing through a closed scope", () => {
    const below = scope("J");
    scope("Escape", {}, true);
    expect(key("j")).toBe(false);
    expect(below).not.toHaveBeenCalled();
  });

  it("forgets a scope that was removed", () => {
    const run = scope("J");
    removals.splice(0).forEach((remove) => remove());
    expect(key("j")).toBe(false);
    expect(run).not.toHaveBeenCalled();
  });

  it("shows in the key map what is registered", () => {
    scope("J | ArrowDown");
    expect(keyMap()).toEqual([{ label: "测试", entries: [{ keys: ["J", "↓"], label: "J | ArrowDown" }] }]);
  });

  it("shows what works now, two keys for one thing in one line", () => {
    let now = false;
    const run = (): void => undefined;
    removals.push(addScope({ label: "工单", shortcuts: [
      { keys: "Alt+P", label: "签收", run }, { keys: "S", label: "签收", run }, { keys: "D", label: "派单", run, when: () => now },
    ] }));
    expect(keyMap()).toEqual([{ label: "工单", entries: [{ keys: ["Alt+P", "S"], label: "签收" }] }]);
    now = true;
    expect(keyMap()[0]?.entries.at(-1)).toEqual({ keys: ["D"], label: "派单" });
  });

  it("spells chords one way", () => {
    expect(chordsOf("Shift+Ctrl+Enter | Esc | ?")).toEqual(["ctrl+shift+enter", "escape", "?"]);
  });
});
