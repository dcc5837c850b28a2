import { describe, expect, it } from "vitest";
import { draftName, emptyDraft, isBlank, propose, readDraft, toNewOrder, wholeContent, type DraftContent } from "./draft";

function written(changes: Partial<DraftContent> = {}): DraftContent {
  return {
    ...emptyDraft(), phone: "13800005678", name: " 杨试试 ", title: "女士", content: "夜市占道。", nature: "complaint",
    matter: { code: "010204", name: "占道露天烧烤", path: "城市管理/占道经营", questions: ["是店铺还是流动摊？", "几点开始摆？"] }, ...changes,
  };
}

describe("a stored draft", () => {
  it("comes back as it was", () => {
    const draft = written({ answers: { "几点开始摆？": "八点" } });
    expect(readDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
  });
  it("is read as far as it can be understood", () => {
    for (const broken of [null, "x", 3, [], undefined]) expect(readDraft(broken)).toEqual(emptyDraft());
    const read = readDraft({ content: "路灯", phone: 138, place: { text: "翠华路" }, matter: "010204", made: [1], anonymous: "yes", gone: true, touched: null });
    expect(read).toEqual({ ...emptyDraft(), content: "路灯", place: { ...emptyDraft().place, text: "翠华路" } });
  });
  it("is blank until something a person would miss was typed", () => {
    expect(isBlank(emptyDraft())).toBe(true);
    expect(isBlank({ ...emptyDraft(), urgency: "urgent", title: "女士", content: "  " })).toBe(true);
    expect(isBlank({ ...emptyDraft(), phone: "1" })).toBe(false);
    expect(isBlank({ ...emptyDraft(), made: { number: "1", display: "1", version: 1 } })).toBe(false);
  });
  it("is named by what it is about", () => {
    expect(draftName(written())).toBe("夜市占道");
    expect(draftName(written({ content: "" }))).toBe("占道露天烧烤");
    expect(draftName(emptyDraft())).toBe("");
  });
});

describe("fields propose to each other", () => {
  it("until they were set by hand", () => {
    const draft = written({ nature: "report", matter: { code: "1", name: "x", path: "", urgency: "urgent" } });
    propose(draft);
    expect([draft.orderTitle, draft.urgency, draft.confidential]).toEqual(["夜市占道", "urgent", true]);
    draft.touched = { title: true, urgency: true, confidential: true };
    Object.assign(draft, { orderTitle: "我的标题", urgency: "normal", confidential: false });
    propose(draft);
    expect([draft.orderTitle, draft.urgency, draft.confidential]).toEqual(["我的标题", "normal", false]);
  });
  it("a change of mind about the nature takes the default back", () => {
    const draft = written({ nature: "report" });
    propose(draft);
    draft.nature = "complaint";
    propose(draft);
    expect(draft.confidential).toBe(false);
  });
});

describe("what is sent", () => {
  it("has the answers below the content, and only those of the chosen matter", () => {
    const draft = written({ answers: { "几点开始摆？": " 八点 ", "是店铺还是流动摊？": " ", "别的事项的问题？": "忘掉" } });
    expect(wholeContent(draft)).toBe("夜市占道。\n几点开始摆：八点");
  });
  it("is regular: digits half-width, names trimmed, the key with it", () => {
    const draft = written({ orderTitle: "１２号院", place: { text: " ３号楼 ", street: "610113003", path: "雁塔区", lat: 1, lng: 2 } });
    expect(toNewOrder(draft, "k", true)).toMatchObject({
      channel: "phone", title: "12号院", matter: "010204", place: { text: "3号楼", street: "610113003", lat: 1, lng: 2 },
      citizen: { name: "杨试试", phone: "13800005678", anonymous: false, title: "女士" }, submit: true, draft_key: "k",
    });
  });
});
