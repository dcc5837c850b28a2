import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { defineComponent } from "vue";
import { useUploads } from "./uploads";

function uploads(done?: (file: File) => void) {
  let found!: ReturnType<typeof useUploads>;
  mount(defineComponent({
    setup() {
      found = useUploads(() => "202611240000011", done);
      return () => null;
    },
  }), { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } });
  return found;
}
const photo = (name: string) => new File(["x"], name, { type: "image/jpeg" });
const refusal = () => new Response(JSON.stringify({ code: "too_large", detail: "照片太大" }), { status: 413 });

afterEach(() => vi.unstubAllGlobals());

describe("files on their way", () => {
  it("go one after the other and leave the list when they are there", async () => {
    const release: (() => void)[] = [];
    const fetching = vi.fn<typeof fetch>(() => new Promise((resolve) => release.push(() => resolve(new Response("{}", { status: 201 })))));
    vi.stubGlobal("fetch", fetching);
    const done = vi.fn();
    const { add, sending } = uploads(done);
    add([photo("a.jpg"), photo("b.jpg")]);
    await flushPromises();
    expect([fetching.mock.calls.length, sending.value.length]).toEqual([1, 2]);
    release[0]?.();
    await flushPromises();
    expect([fetching.mock.calls.length, sending.value.map((one) => one.file.name)]).toEqual([2, ["b.jpg"]]);
    release[1]?.();
    await flushPromises();
    expect([sending.value.length, done.mock.calls.length]).toEqual([0, 2]);
  });

  it("say why they were refused, and can be tried again or left", async () => {
    vi.stubGlobal("fetch", vi.fn<typeof fetch>().mockResolvedValueOnce(refusal()).mockResolvedValueOnce(refusal()));
    const { add, again, drop, sending } = uploads();
    add([photo("a.jpg")]);
    await flushPromises();
    expect(sending.value[0]?.failed).toBe("照片太大");
    again(sending.value[0]?.id ?? 0);
    await flushPromises();
    expect(sending.value).toHaveLength(1);
    drop(sending.value[0]?.id ?? 0);
    expect(sending.value).toHaveLength(0);
  });
});
