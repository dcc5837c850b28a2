/** Words of the desk: src/app/words for everyone, src/features/<name>/words.ts for one feature. */

import { createI18n } from "vue-i18n";
import en from "./words/en";
import zh from "./words/zh-CN";

export type Language = "zh-CN" | "en";
export type Words = { [key: string]: string | Words };
/** What a feature's words.ts exports: `export default { zh: {...}, en: {...} } satisfies FeatureWords`. */
export interface FeatureWords {
  zh: Words;
  en: Words;
}

const features = import.meta.glob<{ default: FeatureWords }>("../features/*/words.ts", { eager: true });

export function allWords(): Record<Language, Words> {
  const words: Record<Language, Words> = { "zh-CN": { ...zh }, en: { ...en } };
  for (const [path, module] of Object.entries(features)) {
    const name = path.split("/").at(-2) ?? path;
    words["zh-CN"][name] = module.default.zh;
    words.en[name] = module.default.en;
  }
  return words;
}

interface Translator {
  t: (key: string, named?: Record<string, unknown>) => string;
  te: (key: string, locale?: string) => boolean;
  locale: { value: Language };
}

export const i18n = createI18n({
  legacy: false,
  locale: "zh-CN",
  fallbackLocale: "zh-CN",
  messages: allWords() as Record<string, Record<string, string>>,
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
});

// The library's own types recurse through every message; ours say what we use.
const translator = i18n.global as unknown as Translator;
/** The translator outside components. */
export const translate = translator.t;

export function setLanguage(language: Language): void {
  translator.locale.value = language;
  document.documentElement.lang = language;
}

export function currentLanguage(): Language {
  return translator.locale.value;
}

/** Label of a code: the server's Chinese in zh, our own word in en where we have one. */
export function labelOf(group: string, code: string | null | undefined, label: string | null | undefined): string {
  if (!code) return label ?? "";
  if (currentLanguage() === "zh-CN") return label || code;
  const key = `codes.${group}.${code}`;
  return translator.te(key, "en") ? translate(key) : label || code;
}
