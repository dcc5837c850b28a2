import { describe, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import type { NewOrder, Order } from "@/api/types";
import { HalfDone, closeCall, type Desk } from "./closing";
import { emptyDraft, type DraftContent } from "./draft";

const OFFLINE = (): Problem => new Problem(0, "offline", "");

/** A server with the idempotency of the real one; `lose` drops the next answers on their way back. */
class FakeServer implements Desk {
  orders = new Map<string, Order>();
  bodies = new Map<string, string>();
  registered = 0;
  lose = 0;
  refuse: Problem | null = null;
  acted: [string, unknown][] = [];

  async register(body: NewOrder, key: string): Promise<Order> {
    if (this.refuse) throw this.refuse;
    const text = JSON.stringify(body);
    const before = this.bodies.get(key);
    if (before !== undefined && before !== text) throw new Problem(409, "idempotency_mismatch", "不同");
    if (before === undefined) {
      this.bodies.set(key, text);
      this.registered += 1;
      this.orders.set(key, made(`n${this.registered}`, body.submit ? "to_dispatch" : "draft"));
    }
    return this.answer(this.orders.get(key) as Order);
  }
  async act(number: string, verb: string, body: { seen: number } & Record<string, unknown>): Promise<Order> {
    if (this.refuse) throw this.refuse;
    const order = await this.find(number);
    if (order.version !== body.seen) throw new Problem(409, "stale", "别人改过");
    if (order.state !== "draft") throw new Problem(409, "wrong_state", "状态不对");
    this.acted.push([verb, body]);
    const outcome = { answer: "answered", transfer: "transferred" }[verb] ?? null;
    Object.assign(order, { version: order.version + 1, state: verb === "submit" ? "to_dispatch" : verb === "refuse" ? "in_review" : "closed", outcome });
    return this.answer(order);
  }
  async order(number: string): Promise<Order> {
    return { ...(await this.find(number)) };
  }
  private async find(number: string): Promise<Order> {
    return [...this.orders.values()].find((one) => one.number === number) as Order;
  }
  private answer(order: Order): Order {
    if (this.lose > 0) {
      this.lose -= 1;
      throw OFFLINE();
    }
    return { ...order };
  }
}
function made(number: string, state: string): Order {
  return { number, number_display: number, state, outcome: null, version: 1 } as unknown as Order;
}
const draft = (): DraftContent => ({ ...emptyDraft(), phone: "13800005678", content: "路灯不亮", nature: "help", matter: { code: "020101", name: "路灯", path: "" } });

describe("a dispatch", () => {
  it("is one request", async () => {
    const server = new FakeServer();
    const closed = await closeCall(server, "k", draft(), "dispatch");
    expect([closed.order.state, closed.earlier, server.registered, server.acted.length]).toEqual(["to_dispatch", false, 1, 0]);
  });
  it("pressed again after a lost answer registers once", async () => {
    const server = new FakeServer();
    const content = draft();
    server.lose = 1;
    await expect(closeCall(server, "k", content, "dispatch")).rejects.toMatchObject({ code: "offline" });
    const closed = await closeCall(server, "k", content, "dispatch");
    expect([closed.order.number, closed.earlier, server.registered]).toEqual(["n1", false, 1]);
  });
  it("with words changed after a lost answer finds the first order and says that the changes are not in it", async () => {
    const server = new FakeServer();
    const content = draft();
    server.lose = 1;
    await expect(closeCall(server, "k", content, "dispatch")).rejects.toBeInstanceOf(Problem);
    content.content = "路灯不亮，已有一周";
    const closed = await closeCall(server, "k", content, "dispatch");
    expect([closed.order.number, closed.earlier, server.registered]).toEqual(["n1", true, 1]);
  });
  it("finds the first order even when later words were sent into the void", async () => {
    const server = new FakeServer();
    const content = draft();
    server.lose = 1;
    await expect(closeCall(server, "k", content, "dispatch")).rejects.toBeInstanceOf(Problem);
    server.refuse = OFFLINE();
    for (let word = 0; word < 9; word += 1) {
      content.content = `路灯不亮，第 ${word} 次改`;
      await expect(closeCall(server, "k", content, "dispatch")).rejects.toMatchObject({ code: "offline" });
    }
    server.refuse = null;
    const closed = await closeCall(server, "k", content, "dispatch");
    expect([closed.order.number, closed.earlier, server.registered]).toEqual(["n1", true, 1]);
    expect(content.sent.length).toBeLessThanOrEqual(5);
  });
  it("that another seat registered with other words is refused, not registered twice", async () => {
    const server = new FakeServer();
    await closeCall(server, "k", draft(), "dispatch");
    await expect(closeCall(server, "k", { ...draft(), content: "别的话" }, "dispatch")).rejects.toMatchObject({ code: "idempotency_mismatch" });
    expect(server.registered).toBe(1);
  });
  it("that never arrived is sent anew with the words of now", async () => {
    const server = new FakeServer();
    const content = draft();
    server.refuse = OFFLINE();
    await expect(closeCall(server, "k", content, "dispatch")).rejects.toBeInstanceOf(Problem);
    server.refuse = null;
    content.content = "改过的";
    await closeCall(server, "k", content, "dispatch");
    expect(JSON.parse(server.bodies.get("k") ?? "{}")).toMatchObject({ content: "改过的" });
  });
  it("refused for good leaves nothing that could be mistaken for a lost answer", async () => {
    const server = new FakeServer();
    const content = draft();
    server.refuse = new Problem(422, "invalid", "不行");
    await expect(closeCall(server, "k", content, "dispatch")).rejects.toMatchObject({ code: "invalid" });
    expect([content.sent, content.made]).toEqual([[], null]);
  });
});

describe("an answer, a transfer, a refusal", () => {
  it("register first, then close", async () => {
    const server = new FakeServer();
    const closed = await closeCall(server, "k", draft(), "answer", { answer: "今晚修", knowledge: "市政手册" });
    expect(closed.order.outcome).toBe("answered");
    expect(server.acted).toEqual([["answer", { seen: 1, answer: "今晚修", knowledge: "市政手册" }]]);
  });
  it("whose second step is refused keep the order and say its number", async () => {
    const server = new FakeServer();
    const content = draft();
    await closeCall({ ...desk(server), act: () => Promise.reject(new Problem(409, "answer_needs_knowledge", "须注明依据")) }, "k", content, "answer")
      .then(() => expect.unreachable(), (error: unknown) => expect(error).toBeInstanceOf(HalfDone));
    expect(content.made).toEqual({ number: "n1", display: "n1", version: 1 });
    const closed = await closeCall(server, "k", content, "dispatch");
    expect([closed.order.state, server.registered, server.acted[0]?.[0]]).toEqual(["to_dispatch", 1, "submit"]);
  });
  it("whose second answer was lost are found done", async () => {
    const server = new FakeServer();
    const content = draft();
    const losing = { ...desk(server), act: async (...args: Parameters<Desk["act"]>) => { await server.act(...args); throw OFFLINE(); } };
    await expect(closeCall(losing, "k", content, "transfer", { line: "110" })).rejects.toBeInstanceOf(HalfDone);
    const closed = await closeCall(server, "k", content, "transfer", { line: "110" });
    expect([closed.order.outcome, server.acted.length]).toEqual(["transferred", 1]);
  });
});

function desk(server: FakeServer): Desk {
  return { register: server.register.bind(server), act: server.act.bind(server), order: server.order.bind(server) };
}
