import { describe, expect, it } from "vitest";
import { cleanPhone, maskPhone, phoneFault, proposedTitle, searchWords, spacedPhone, spokenGroups } from "./typed";

describe("telephone numbers", () => {
  it("come out of whatever was pasted", () => {
    for (const pasted of ["138 0000-5678", "+86 138-0000 5678", "8613800005678", "008613800005678", "１３８００００５６７８", "tel:+8613800005678", "＋８６　138 0000 5678"])
      expect(cleanPhone(pasted), pasted).toBe("13800005678");
    expect(cleanPhone("（029）8123－4567")).toBe("02981234567");
    expect(cleanPhone("86001234")).toBe("86001234");
    expect(cleanPhone("无")).toBe("");
  });
  it("are whole or the fault is named", () => {
    expect(["", "1234", "12345", "13800005678", "1380000567", "138000056789", "1234567890123456"].map(phoneFault))
      .toEqual(["", "phoneShort", "", "", "phoneMobile", "phoneMobile", "phoneLong"]);
  });
  it("are read back in groups and masked for others", () => {
    expect(spacedPhone("13800005678")).toBe("138 0000 5678");
    expect(spacedPhone("02981234567")).toBe("02981234567");
    expect(maskPhone("13800005678")).toBe("138****5678");
  });
});

describe("the proposed title", () => {
  it("is the first sentence, or its first clauses, never longer than thirty characters", () => {
    expect(proposedTitle("夜市占道。晚上没法走路。")).toBe("夜市占道");
    expect(proposedTitle("\n  \n路灯不亮已有一周")).toBe("路灯不亮已有一周");
    expect(proposedTitle("小区从供暖第一天到现在一直不热，室温只有十四度，供热公司和物业互相推来推去没有人管")).toBe("小区从供暖第一天到现在一直不热，室温只有十四度");
    expect(Array.from(proposedTitle("字".repeat(80)))).toHaveLength(30);
    expect(proposedTitle("")).toBe("");
  });
  it("does not cut a character in two", () => {
    expect(proposedTitle("𠮷".repeat(40))).toBe("𠮷".repeat(30));
  });
  it("passes over the labels of the template and says what happened", () => {
    expect(proposedTitle("时间：昨晚八点\n地点：翠华路\n对象：\n经过：夜市摊位占满人行道\n诉求：清理")).toBe("夜市摊位占满人行道");
    expect(proposedTitle("时间：昨晚八点\n经过：\n诉求：尽快修好路灯")).toBe("尽快修好路灯");
    expect(proposedTitle("时间：\n地点：\n")).toBe("");
  });
});

describe("words to search other orders by", () => {
  it("are few, tell what it is about, and leave out when, how many and what everybody says", () => {
    const words = searchWords("市民来电反映昨晚八点起夜市摊位占满人行道，希望尽快处理。");
    expect(words.length).toBeGreaterThan(0);
    expect(words.length).toBeLessThanOrEqual(3);
    expect(words).toContain("人行道");
    for (const empty of ["市民", "来电", "昨晚", "希望", "尽快", "处理"]) expect(words).not.toContain(empty);
  });
  it("are none when nothing was said", () => {
    expect(searchWords("希望尽快处理，谢谢 123")).not.toContain("123");
    expect(searchWords("")).toEqual([]);
  });
});

it("a number is read aloud in groups", () => {
  expect(spokenGroups("20261124-000123-7")).toEqual(["2026", "1124", "000", "123", "7"]);
});
