import { describe, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import type { ActionField } from "@/api/types";
import { faultsOf, serverFaults } from "./checking";
import { emptyDraft, type DraftContent } from "./draft";

const full = (changes: Partial<DraftContent> = {}): DraftContent => ({
  ...emptyDraft(), phone: "13800005678", content: "路灯不亮", nature: "help", matter: { code: "020101", name: "路灯", path: "" }, ...changes,
});
const field = (name: string, required = true): ActionField => ({ name, label: name, type: "text", required, choices: [], hint: "" });
const fieldsOf = (faults: { field: string }[]): string[] => faults.map((fault) => fault.field);

describe("before a dispatch", () => {
  it("names all that is missing in the order of the form", () => {
    expect(fieldsOf(faultsOf(emptyDraft(), "dispatch"))).toEqual(["phone", "content", "matter", "nature"]);
    expect(faultsOf(full(), "dispatch")).toEqual([]);
  });
  it("asks an anonymous caller for no number, but a number given must be whole", () => {
    expect(faultsOf(full({ phone: "", anonymous: true }), "dispatch")).toEqual([]);
    expect(faultsOf(full({ phone: "1380000", anonymous: true }), "dispatch")).toEqual([{ field: "phone", words: "phoneMobile" }]);
  });
  it("refuses what the server would refuse for length", () => {
    expect(fieldsOf(faultsOf(full({ content: "字".repeat(20_001), orderTitle: "字".repeat(201), place: { ...emptyDraft().place, text: "字".repeat(301) } }), "dispatch")))
      .toEqual(["content", "place", "orderTitle"]);
  });
});

describe("before another end of the call", () => {
  it("needs no number and no matter, but the fields of its form", () => {
    const draft = full({ phone: "", matter: null, nature: "consult" });
    expect(faultsOf(draft, "answer", [field("answer"), field("knowledge", false)])).toEqual([{ field: "closing.answer", words: "fill", said: "answer" }]);
    draft.closings.answer = { answer: "带身份证" };
    expect(faultsOf(draft, "answer", [field("answer"), field("knowledge", false)])).toEqual([]);
  });
  it("an answer to a complaint names what it rests on", () => {
    const draft = full({ nature: "complaint", closings: { answer: { answer: "已处理" } } });
    expect(faultsOf(draft, "answer", [field("answer")])).toEqual([{ field: "closing.knowledge", words: "knowledgeMissing" }]);
    draft.closings.answer = { answer: "已处理", knowledge: "供热条例" };
    expect(faultsOf(draft, "answer", [field("answer")])).toEqual([]);
  });
  it("nobody is refused without being told", () => {
    const draft = full({ closings: { refuse: { reason_code: "secret_privacy", explanation: "请走诉讼", told_citizen: false } } });
    expect(faultsOf(draft, "refuse", [field("reason_code"), field("explanation"), field("told_citizen")])).toEqual([{ field: "closing.told_citizen", words: "tellCitizen" }]);
  });
});

it("what the server says of a field stands beside the field of this page", () => {
  const problem = new Problem(422, "invalid", "x", [
    { field: "title", sentence: "标题太长" }, { field: "citizen.phone", sentence: "号码有误" }, { field: "answer", sentence: "请填写" },
  ]);
  expect(fieldsOf(serverFaults(problem, "answer"))).toEqual(["orderTitle", "phone", "closing.answer"]);
  expect(serverFaults(problem, "dispatch")[0]).toEqual({ field: "orderTitle", words: "said", said: "标题太长" });
});
