import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope, type EffectScope } from "vue";
import { Problem } from "@/api/problem";
import type { Draft } from "@/api/types";
import { emptyDraft } from "./draft";
import { LOCAL_EVERY, SERVER_EVERY, useKeeper, type DraftServer, type Keeper } from "./keeping";

class FakeServer implements DraftServer {
  kept = new Map<string, Draft>();
  fails: Problem | null = null;
  saves = 0;
  private clock = 0;
  async list() {
    this.check();
    return { items: [...this.kept.values()].map((one) => structuredClone(one)) };
  }
  async save(key: string, content: Record<string, unknown>) {
    this.check();
    this.saves += 1;
    return this.put(key, content);
  }
  async remove(key: string) {
    this.check();
    this.kept.delete(key);
  }
  /** As another seat of the same person would. */
  put(key: string, content: object) {
    this.clock += 1;
    const saved_at = new Date(1_790_000_000_000 + this.clock * 1000).toISOString();
    this.kept.set(key, { key, content: structuredClone(content) as Record<string, unknown>, saved_at });
    return { saved_at };
  }
  private check() {
    if (this.fails) throw this.fails;
  }
}
class FakeStorage implements Storage {
  map = new Map<string, string>();
  get length() { return this.map.size; }
  key(index: number) { return [...this.map.keys()][index] ?? null; }
  getItem(name: string) { return this.map.get(name) ?? null; }
  setItem(name: string, text: string) { this.map.set(name, text); }
  removeItem(name: string) { this.map.delete(name); }
  clear() { this.map.clear(); }
}

let server: FakeServer;
let storage: FakeStorage;
let seats: EffectScope[];
function seat(staff = 1, own = storage): Keeper {
  const scope = effectScope();
  seats.push(scope);
  return scope.run(() => useKeeper(staff, server, own)) as Keeper;
}
const texts = (keeper: Keeper): string[] => keeper.drafts.map((one) => one.content.content);

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  storage = new FakeStorage();
  seats = [];
});
afterEach(() => {
  seats.forEach((scope) => scope.stop());
  vi.useRealTimers();
});

describe("what was typed", () => {
  it("is in the browser after 2 s and on the server after 10 s; a blank page is nowhere", async () => {
    const keeper = seat();
    await vi.advanceTimersByTimeAsync(SERVER_EVERY);
    expect([storage.map.size <= 1, server.saves]).toEqual([true, 0]);
    keeper.current.value.content.content = "路灯不亮";
    await vi.advanceTimersByTimeAsync(LOCAL_EVERY);
    expect(storage.getItem(`huying.draft.1.${keeper.current.value.key}`)).toContain("路灯不亮");
    expect(keeper.server.value).toBe("waiting");
    await vi.advanceTimersByTimeAsync(SERVER_EVERY);
    expect(server.kept.get(keeper.current.value.key)?.content).toMatchObject({ content: "路灯不亮" });
    expect(keeper.server.value).toBe("kept");
  });
  it("is sent once, not again while nothing changes", async () => {
    const keeper = seat();
    keeper.current.value.content.content = "路灯不亮";
    await vi.advanceTimersByTimeAsync(5 * SERVER_EVERY);
    expect(server.saves).toBe(1);
  });
  it("comes back after a reload, the same draft on the page", async () => {
    const before = seat();
    before.current.value.content.content = "第一件";
    before.begin().content.content = "第二件";
    before.open(before.drafts[0]?.key ?? "");
    before.saveLocal();
    const after = seat();
    expect(await after.restore()).toBe(2);
    expect(after.current.value.content.content).toBe("第一件");
    expect(after.localAt.value).not.toBeNull();
  });
  it("comes back from the server at another machine, and not for another person", async () => {
    const here = seat();
    here.current.value.content.content = "路灯不亮";
    here.saveLocal();
    await here.saveServer();
    const elsewhere = seat(1, new FakeStorage());
    expect(await elsewhere.restore()).toBe(1);
    expect(texts(elsewhere)).toContain("路灯不亮");
    server.kept.clear();
    expect(await seat(2).restore()).toBe(0);
  });
  it("survives a damaged copy and a full browser", async () => {
    storage.setItem("huying.draft.1.bad", "{");
    storage.setItem("huying.draft.1.good", JSON.stringify({ ...emptyDraft(), content: "好的" }));
    const keeper = seat();
    expect(await keeper.restore()).toBe(1);
    keeper.open("good");
    const write = storage.setItem.bind(storage);
    // Full for the long text only: the short note of which draft is open still fits.
    storage.setItem = (name, text) => {
      if (text.length > 100) throw new DOMException("full", "QuotaExceededError");
      write(name, text);
    };
    keeper.current.value.content.content = "好的，再写";
    keeper.saveLocal();
    expect(keeper.localFails.value).toBe(true);
    await keeper.saveServer();
    expect(server.kept.get("good")?.content).toMatchObject({ content: "好的，再写" });
  });
  it.each([
    ["offline", new Problem(0, "offline", "")], ["signedOut", new Problem(401, "sign_in_required", "")], ["tooLong", new Problem(413, "draft_too_long", "")],
    ["failed", new Problem(500, "x", "")],
  ])("says %s and goes on by itself", async (state, problem) => {
    const keeper = seat();
    keeper.current.value.content.content = "路灯不亮";
    server.fails = problem;
    await vi.advanceTimersByTimeAsync(SERVER_EVERY);
    expect(keeper.server.value).toBe(state);
    server.fails = null;
    await vi.advanceTimersByTimeAsync(SERVER_EVERY);
    expect([keeper.server.value, server.saves]).toEqual(["kept", 1]);
  });
});

describe("a draft thrown away or registered", () => {
  it("is gone here and there, also when the server was away", async () => {
    const keeper = seat();
    const { key } = keeper.current.value;
    keeper.current.value.content.content = "路灯不亮";
    keeper.saveLocal();
    await keeper.saveServer();
    server.fails = new Problem(0, "offline", "");
    await keeper.drop(key);
    server.fails = null;
    const after = seat();
    expect(await after.restore()).toBe(0);
    await after.saveServer();
    expect(server.kept.size).toBe(0);
  });
  it("comes back with its key when it is undone", async () => {
    const keeper = seat();
    const { key, content } = keeper.current.value;
    content.content = "路灯不亮";
    keeper.saveLocal();
    await keeper.saveServer();
    await keeper.drop(key);
    keeper.takeBack({ key, content });
    await keeper.saveServer();
    expect([keeper.current.value.key, server.kept.has(key)]).toEqual([key, true]);
  });
});

describe("two seats with one draft", () => {
  async function bothOpen() {
    const here = seat();
    const { key } = here.current.value;
    here.current.value.content.content = "甲写的";
    here.saveLocal();
    await here.saveServer();
    server.put(key, { ...emptyDraft(), content: "乙写的", editedAt: Date.now() });
    here.current.value.content.content = "甲又写的";
    here.saveLocal();
    await here.saveServer();
    return { here, key };
  }
  it("overwrite nothing before someone decides", async () => {
    const { here, key } = await bothOpen();
    expect(here.conflicts.get(key)?.theirs?.content).toBe("乙写的");
    expect(server.kept.get(key)?.content).toMatchObject({ content: "乙写的" });
    await here.saveServer();
    expect(server.kept.get(key)?.content).toMatchObject({ content: "乙写的" });
  });
  it("mine goes over theirs", async () => {
    const { here, key } = await bothOpen();
    here.settle(key, "mine");
    await here.saveServer();
    expect([server.kept.get(key)?.content.content, here.conflicts.size]).toEqual(["甲又写的", 0]);
  });
  it("theirs comes here", async () => {
    const { here, key } = await bothOpen();
    here.settle(key, "theirs");
    expect(here.current.value.content.content).toBe("乙写的");
  });
  it("both stay, mine as a request of its own", async () => {
    const { here, key } = await bothOpen();
    here.settle(key, "both");
    await here.saveServer();
    expect(texts(here).sort()).toEqual(["乙写的", "甲又写的"].sort());
    expect([...server.kept.values()].map((one) => one.content.content).sort()).toEqual(["乙写的", "甲又写的"].sort());
    expect(server.kept.get(key)?.content.content).toBe("乙写的");
  });
  it("what was registered at the other seat is not brought back to life", async () => {
    const here = seat();
    const { key } = here.current.value;
    here.current.value.content.content = "甲写的";
    here.saveLocal();
    await here.saveServer();
    server.kept.delete(key);
    here.current.value.content.content = "甲又写的";
    here.saveLocal();
    await here.saveServer();
    expect([here.conflicts.get(key)?.theirs, server.kept.size]).toEqual([null, 0]);
    here.settle(key, "theirs");
    expect(texts(here)).not.toContain("甲又写的");
  });
  it("the same words at both are no conflict", async () => {
    const here = seat();
    const { key, content } = here.current.value;
    content.content = "甲写的";
    here.saveLocal();
    await here.saveServer();
    content.content = "一样的";
    server.put(key, JSON.parse(JSON.stringify(content)) as object);
    here.saveLocal();
    await here.saveServer();
    expect(here.conflicts.size).toBe(0);
  });
});
