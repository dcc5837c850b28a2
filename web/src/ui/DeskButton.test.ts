import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import DeskButton from "./DeskButton.vue";

const button = (props: InstanceType<typeof DeskButton>["$props"]) => mount(DeskButton, { props, slots: { default: "派单" } });

describe("a button", () => {
  it("is pressed once", async () => {
    const one = button({});
    await one.trigger("click");
    expect(one.emitted("press")).toHaveLength(1);
  });
  it("that is refused stays reachable and says why, but does nothing", async () => {
    const one = button({ why: "不是本单位的任务" });
    await one.trigger("click");
    expect(one.emitted("press")).toBeUndefined();
    expect([one.attributes("title"), one.attributes("aria-disabled"), one.attributes("disabled")]).toEqual(["不是本单位的任务", "true", undefined]);
  });
  it("does not send twice while it is busy", async () => {
    const one = button({ busy: true, type: "submit" });
    await one.trigger("click");
    expect(one.emitted("press")).toBeUndefined();
    expect(one.attributes("aria-busy")).toBe("true");
  });
});
