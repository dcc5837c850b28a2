import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { i18n } from "@/app/i18n";
import type { Lamp, LampColor } from "@/api/types";
import LampTag from "./LampTag.vue";

const lamp = (color: LampColor, words = "还剩1个工作日3小时"): Lamp => ({
  color, words, due_words: "应于11月25日 17:30前办结", kind: "handle", kind_label: "办理", due_at: "2026-11-25T09:30:00Z",
});
const shown = (props: InstanceType<typeof LampTag>["$props"]) => mount(LampTag, { props, global: { plugins: [i18n] } });

describe("the lamp", () => {
  it("has a shape of its own for every colour", () => {
    const shapes = (["green", "yellow", "red", "none"] as const).map((color) => shown({ lamp: lamp(color) }).find("svg").element.innerHTML);
    expect(new Set(shapes).size).toBe(4);
    expect(shapes[0]).toContain("<circle");
    expect(shapes[2]).toContain("<rect");
  });

  it("says its colour and the time left in words", () => {
    const text = shown({ lamp: lamp("yellow") }).text();
    expect(text).toContain("快到期");
    expect(text).toContain("还剩1个工作日3小时");
  });

  it("shows by when on the line and on hover", () => {
    expect(shown({ lamp: lamp("green"), show: "line" }).text()).toContain("应于11月25日 17:30前办结");
    expect(shown({ lamp: lamp("red") }).attributes("title")).toContain("办理 · 已超期");
  });

  it("says so when nothing is timed", () => {
    expect(shown({ lamp: null }).text()).toBe("不计时");
    expect(shown({ lamp: lamp("red"), show: "dot" }).find(".sr-only").text()).toContain("已超期");
  });
});
