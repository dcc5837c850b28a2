import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import table from "@/api/flow.json";
import type { ActionField, FieldType, FlowAction } from "@/api/types";
import { i18n } from "@/app/i18n";
import ChoiceGroup from "@/ui/ChoiceGroup.vue";
import { type Typed, emptyValue, formFaults, isUntouched, needsNothing, startingValues, told, withKept } from "./forms";
import { ACTION_FORMS, PLAIN, formOf } from "./special";

const field = (name: string, type: FieldType, part: Partial<ActionField> = {}): ActionField =>
  ({ name, label: name, type, required: true, choices: [], hint: "", ...part });
const action = (name: string, ...fields: ActionField[]): FlowAction =>
  ({ name, label: name, permission: "handle", subject: "order", sources: [], says: "", primary: false, fields });

describe("every action of the server's flow", () => {
  it("has its form, and no form is left over", () => {
    expect(Object.keys(ACTION_FORMS).sort()).toEqual(Object.keys(table.actions).sort());
  });
  it("is still usable when the server is newer than the page", () => {
    expect(formOf("invented_tomorrow")).toBe(PLAIN);
    expect(formOf("reply")).not.toBe(PLAIN);
  });
});

describe("what is sent", () => {
  it("are codes for chosen things and nothing for what stayed empty", () => {
    const dispatch = action("dispatch", field("lead", "unit"), field("assisting", "units", { required: false }), field("note", "long_text", { required: false }));
    const unit = { code: "610113-cg", name: "雁塔区城市管理和综合执法局", short: "雁塔区城管局" };
    expect(told(dispatch, { lead: unit, assisting: [], note: "  " })).toEqual({ lead: "610113-cg" });
    expect(told(dispatch, { lead: unit, assisting: [{ ...unit, code: "b" }], note: " 抓紧 " })).toEqual({ lead: "610113-cg", assisting: ["b"], note: "抓紧" });
  });
  it("keeps a false answer apart from no answer", () => {
    const call = action("call_back", field("reached", "boolean"), field("solved", "boolean", { required: false }));
    expect(told(call, { reached: false, solved: null })).toEqual({ reached: false });
  });
  it("drops empty milestones and takes numbers as numbers", () => {
    const promise = action("promise", field("street", "street"), field("days", "integer"), field("milestones", "milestones"));
    expect(told(promise, { street: { code: "610113001", name: "小寨路街道" }, days: " 3 ", milestones: [{ title: " 进场 ", due_on: "2026-12-01" }, { title: "", due_on: "" }] }))
      .toEqual({ street: "610113001", days: 3, milestones: [{ title: "进场", due_on: "2026-12-01" }] });
  });
  it("of a correction is only what was changed", () => {
    const correct = action("correct", field("title", "text", { required: false }), field("urgency", "urgency", { required: false }));
    expect(told(correct, { title: "新标题", urgency: "normal" }, { title: "旧标题", urgency: "normal" })).toEqual({ title: "新标题" });
  });
});

describe("what is wrong before it is sent", () => {
  const fields = [field("reason", "long_text"), field("days", "integer"), field("milestones", "milestones"), field("note", "text", { required: false })];
  const faults = (values: Typed) => formFaults(fields, values).map((fault) => [fault.field, fault.words]);
  it("names what is missing in the order of the form", () => {
    expect(faults({ reason: " ", days: "", milestones: [{ title: "", due_on: "" }], note: "" }))
      .toEqual([["reason", "fill"], ["days", "fill"], ["milestones", "fill"]]);
  });
  it("names what cannot be read", () => {
    expect(faults({ reason: "配件未到", days: "三", milestones: [{ title: "进场", due_on: "" }], note: "长".repeat(201) }))
      .toEqual([["days", "whole"], ["milestones", "milestone"], ["note", "long"]]);
  });
});

describe("what was typed", () => {
  it("comes back where it still fits the form", () => {
    const start = startingValues(action("reply", field("content", "long_text"), field("units", "units"), field("gone", "text")));
    const back = withKept(start, { content: "已到现场", units: "not a list", other: 1 });
    expect(back).toEqual({ content: "已到现场", units: [], gone: "" });
    expect([isUntouched(start, startingValues(action("reply", field("content", "long_text"), field("units", "units"), field("gone", "text")))), isUntouched(back, start)])
      .toEqual([true, false]);
  });
  it("starts empty for every kind of field", () => {
    expect([emptyValue("boolean"), emptyValue("units"), emptyValue("long_text")]).toEqual([null, [], ""]);
    expect([needsNothing(action("accept", field("note", "long_text", { required: false }))), needsNothing(action("urge", field("note", "text")))]).toEqual([true, false]);
  });
});

describe("choices side by side", () => {
  it("are radio buttons with one name", async () => {
    const shown = mount(ChoiceGroup, {
      props: { choices: [{ code: "yes", label: "是" }, { code: "no", label: "否" }], label: "是否接通", modelValue: null }, global: { plugins: [i18n] },
    });
    await shown.findAll("input")[1]?.setValue(true);
    expect(shown.emitted("update:modelValue")?.[0]).toEqual(["no"]);
    expect(new Set(shown.findAll("input").map((input) => input.attributes("name"))).size).toBe(1);
  });
});
