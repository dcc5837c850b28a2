import { afterEach, describe, expect, it, vi } from "vitest";
import { api, csrfToken, latestOnly, onSignInNeeded, queryString, request } from "./client";
import { Problem, isProblem, problemOf } from "./problem";

function answers(...responses: (Response | Error)[]) {
  const fetching = vi.fn<typeof fetch>();
  for (const one of responses) {
    if (one instanceof Error) fetching.mockRejectedValueOnce(one);
    else fetching.mockResolvedValueOnce(one);
  }
  vi.stubGlobal("fetch", fetching);
  return fetching;
}
function problem(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });
}
async function failure(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(() => null, (reason: unknown) => reason);
  if (!isProblem(error)) throw new Error("expected a Problem");
  return error;
}

afterEach(() => {
  vi.unstubAllGlobals();
  onSignInNeeded(() => undefined);
});

describe("errors of the server", () => {
  it("keeps code, sentence, fields and details of problem+json", async () => {
    answers(problem(422, {
      type: "about:blank", title: "内容不完整", status: 422, code: "invalid", detail: "请补充诉求内容",
      errors: [{ field: "content", sentence: "请写明诉求" }, { nonsense: true }],
    }));
    const error = await failure(api.post("/orders", {}));
    expect([error.status, error.code, error.sentence]).toEqual([422, "invalid", "请补充诉求内容"]);
    expect(error.errors).toEqual([{ field: "content", sentence: "请写明诉求" }]);
    expect(error.forField("content")).toBe("请写明诉求");
    expect(error.forField("title")).toBe("");
    expect(error.isRefusal).toBe(true);
  });

  it("says who changed a stale order", async () => {
    answers(problem(409, { status: 409, code: "stale", detail: "高朗刚派了单", version: 5, latest: { label: "派单", actor: "高朗", at: "2026-11-24T01:00:00Z" } }));
    const error = await failure(api.post("/orders/1/dispatch", { seen: 4 }));
    expect(error.isStale).toBe(true);
    expect(error.details.version).toBe(5);
    expect(error.latest?.actor).toBe("高朗");
  });

  it("turns a page of HTML or an empty body into a problem without a sentence", async () => {
    for (const body of ["<html>502</html>", "", "[]", "null", "\"text\""]) {
      const error = await problemOf(new Response(body, { status: 502 }));
      expect([error.status, error.code, error.sentence]).toEqual([502, "unreadable", ""]);
      expect(error.isRefusal).toBe(false);
    }
  });

  it("falls back to the title when there is no detail", async () => {
    expect((await problemOf(problem(403, { title: "无权操作", code: "no_permission" }))).sentence).toBe("无权操作");
  });

  it("calls a lost network offline", async () => {
    answers(new TypeError("Failed to fetch"));
    const error = await failure(api.get("/me"));
    expect([error.status, error.isOffline, error.isRefusal]).toEqual([0, true, false]);
  });

  it("reports a success that cannot be read", async () => {
    answers(new Response("<html>", { status: 200 }));
    expect((await failure(api.get("/me"))).code).toBe("unreadable");
  });

  it("asks for a new sign-in on 401, but not for a wrong password", async () => {
    const asked = vi.fn();
    onSignInNeeded(asked);
    answers(problem(401, { code: "wrong_password", detail: "账号或密码不对" }));
    expect((await failure(api.post("/sessions", {}))).sentence).toBe("账号或密码不对");
    expect(asked).not.toHaveBeenCalled();
    answers(problem(401, { code: "sign_in_required", detail: "请先登录" }));
    await failure(api.get("/orders"));
    expect(asked).toHaveBeenCalledOnce();
  });
});

describe("what is sent", () => {
  it("sends cookie, CSRF token and idempotency key; forms keep their own content type", async () => {
    vi.stubGlobal("document", { cookie: "a=1; huying_csrf=t%3D1; b=2" });
    const fetching = answers(new Response("{}"), new Response(null, { status: 204 }));
    await api.post("/orders", { title: "暖气" }, { idempotencyKey: "k1" });
    const first = fetching.mock.calls[0]?.[1] as RequestInit;
    expect(first.credentials).toBe("same-origin");
    expect(first.headers).toMatchObject({ "X-CSRFToken": "t=1", "Idempotency-Key": "k1", "Content-Type": "application/json" });
    expect(await request("POST", "/x", { body: new FormData() })).toBeUndefined();
    expect((fetching.mock.calls[1]?.[1] as RequestInit).headers).not.toHaveProperty("Content-Type");
  });

  it("fetches a new CSRF cookie once when the old one aged out", async () => {
    const fetching = answers(problem(403, { code: "csrf_failed" }), new Response("{}"), new Response('{"ok":true}'));
    expect(await api.post("/drafts", {})).toEqual({ ok: true });
    expect(fetching.mock.calls.map(([url]) => url)).toEqual(["/api/v1/drafts", "/api/v1/welcome", "/api/v1/drafts"]);
  });

  it("leaves out empty values and joins lists", () => {
    expect(queryString({ q: "", state: ["a", "b"], mine: false, limit: 20, unit: undefined, nature: [] })).toBe("state=a%2Cb&limit=20");
    expect(csrfToken("x=1")).toBe("");
  });
});

describe("one query in flight", () => {
  it("aborts the older one and drops its answer", async () => {
    const signals: AbortSignal[] = [];
    const release: ((text: string) => void)[] = [];
    const asked: string[] = [];
    const ask = latestOnly((signal: AbortSignal, text: string) => {
      signals.push(signal);
      asked.push(text);
      return new Promise<string>((resolve) => release.push(resolve));
    });
    const slow = ask("暖");
    const fast = ask("暖气");
    expect(signals[0]?.aborted).toBe(true);
    release[1]?.("new");
    release[0]?.("old");
    expect(await slow).toBeUndefined();
    expect(await fast).toBe("new");
    expect(asked).toEqual(["暖", "暖气"]);
  });

  it("still throws what went wrong with the newest", async () => {
    const ask = latestOnly(() => Promise.reject(new Problem(500, "x", "")));
    await expect(ask()).rejects.toBeInstanceOf(Problem);
  });
});
