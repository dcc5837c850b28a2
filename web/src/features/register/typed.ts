/** What people type and paste, made regular: telephone numbers, full-width digits, titles. */

const FULL_DIGITS = /[０-９]/g;
/** Full-width plus, brackets, dashes and blanks that come with pasted numbers. */
const FULL_SIGNS: Record<string, string> = { "＋": "+", "－": "-", "—": "-", "（": "(", "）": ")", "　": " ", "．": "." };

/** １３８ -> 138; everything else stays as it was typed. */
export function halfDigits(text: string): string {
  return text.replace(FULL_DIGITS, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}

/** The digits of a pasted number: `+86 138-1234 5678`, `（029）8123－4567`, `tel:138…` and full-width digits. */
export function cleanPhone(text: string): string {
  const half = halfDigits(text).replace(/[＋－—（）\u3000．]/g, (sign) => FULL_SIGNS[sign] ?? "").trim();
  const digits = half.replace(/\D/g, "");
  if (/^(tel:)?\s*\+\s*86/i.test(half) || (digits.length === 13 && /^861\d/.test(digits))) return digits.slice(2);
  if (digits.length === 15 && digits.startsWith("0086")) return digits.slice(4);
  return digits;
}

/** The server takes 5 to 15 digits; a mobile number has to be whole. */
export function phoneFault(phone: string): "" | "phoneShort" | "phoneLong" | "phoneMobile" {
  if (phone === "") return "";
  if (phone.length > 15) return "phoneLong";
  if (phone.length < 5) return "phoneShort";
  return /^1[3-9]/.test(phone) && phone.length !== 11 ? "phoneMobile" : "";
}

/** `138****5678`, `029****4567`: what stands on a screen that others can see. */
export function maskPhone(phone: string): string {
  if (phone.length < 7) return phone;
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}

/** `138 1234 5678`, easier to read back than eleven digits in a row. */
export function spacedPhone(phone: string): string {
  if (/^1\d{10}$/.test(phone)) return `${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}`;
  return phone;
}

export const TITLE_LENGTH = 30;

/** The parts of a well told request, as the aid beside the content names them. */
export const TEMPLATE = ["时间", "地点", "对象", "经过", "诉求"] as const;
const LABELLED = new RegExp(`^(${TEMPLATE.join("|")})[：:]\\s*(.*)$`);

/** The line that says what it is about: what happened, else what is wanted, before when and where. */
function tellingLine(content: string): string {
  const lines = content.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const parts = new Map<string, string>();
  for (const line of lines) {
    const found = LABELLED.exec(line);
    if (!found) {
      if (!parts.size) return line;
      continue;
    }
    if (found[2]) parts.set(found[1] as string, found[2]);
  }
  return parts.get("经过") ?? parts.get("诉求") ?? [...parts.values()][0] ?? "";
}

/** A title from the content: its first sentence when that fits, else its first 30 characters. */
export function proposedTitle(content: string): string {
  const first = tellingLine(content);
  const sentence = first.split(/[。！？；!?;]/)[0]?.trim() ?? "";
  const characters = Array.from(sentence.length >= 4 ? sentence : first);
  if (characters.length <= TITLE_LENGTH) return characters.join("");
  // A whole clause reads better than a cut word.
  const head = characters.slice(0, TITLE_LENGTH).join("");
  const comma = Math.max(head.lastIndexOf("，"), head.lastIndexOf(","), head.lastIndexOf("、"));
  return comma >= 8 ? head.slice(0, comma) : head;
}

/** `2026 1124 · 000123 · 7` in groups that can be read aloud. */
export function spokenGroups(display: string): string[] {
  const [day = "", serial = "", check = ""] = display.split("-");
  return [day.slice(0, 4), day.slice(4), serial.slice(0, 3), serial.slice(3), check].filter((part) => part !== "");
}

/** Words that tell nothing about the matter. */
const EMPTY = new Set([
  "市民", "来电", "反映", "希望", "相关", "部门", "要求", "现在", "已经", "一直", "非常", "没有", "这个", "那个", "我们", "他们", "有关", "处理",
  "尽快", "解决", "问题", "情况", "影响", "严重", "今天", "昨天", "最近", "时间", "地点", "对象", "经过", "诉求", "进行", "附近", "可以", "怎么", "什么",
  "老人", "孩子", "居民", "业主", "每天", "晚上", "早上", "白天", "夜里", "凌晨", "开始", "只能", "至今", "多次", "无法", "不能", "安排", "这里", "那里",
  "咨询", "哪些", "需要", "材料", "请问",
]);
/** 昨晚, 八点, 三天, 2号楼: when and how many, not what. */
const WHEN = /^(昨|今|明|前|上|下|早|中|晚|凌)[天晚日早午夜晨周月年]|[一二三四五六七八九十两几百\d]+[点天日月年号楼栋个次时分周岁]+$/;

/** At most three words of the text to search other orders by, the longest first; the search wants all of them. */
export function searchWords(text: string): string[] {
  const clean = text.slice(0, 200);
  let words: string[];
  if (typeof Intl.Segmenter === "function") {
    words = [...new Intl.Segmenter("zh", { granularity: "word" }).segment(clean)].filter((part) => part.isWordLike).map((part) => part.segment);
  } else {
    // Old browsers of some office desktops: the first characters of each clause.
    words = clean.split(/[\s，。、；：！？,.;:!?]+/).map((clause) => clause.slice(0, 4));
  }
  const telling = [...new Set(words)].filter((word) => Array.from(word).length >= 2 && !EMPTY.has(word) && !/^\d+$/.test(word) && !WHEN.test(word));
  return telling.map((word, index) => ({ word, index })).sort((a, b) => b.word.length - a.word.length || a.index - b.index)
    .slice(0, 3).map((one) => one.word);
}
