/** What a person chose for this screen: theme, language, single-letter keys, columns. Kept in the browser. */

import { defineStore } from "pinia";
import { ref, watch } from "vue";
import { type Language, setLanguage } from "./i18n";
import { setSingleKeys } from "./keyboard";

export type Theme = "day" | "night";
const PLACE = "huying.preferences";

interface Kept {
  theme: Theme;
  language: Language;
  singleKeys: boolean;
  columns: string[] | null;
  sideFolded: boolean;
}
const DEFAULTS: Kept = { theme: "day", language: "zh-CN", singleKeys: true, columns: null, sideFolded: false };

function kept(): Kept {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(PLACE) ?? "{}") as Partial<Kept>) };
  } catch {
    return DEFAULTS;
  }
}

export const usePreferences = defineStore("preferences", () => {
  const start = kept();
  const theme = ref<Theme>(start.theme);
  const language = ref<Language>(start.language);
  const singleKeys = ref(start.singleKeys);
  const columns = ref<string[] | null>(start.columns);
  const sideFolded = ref(start.sideFolded);

  watch([theme, language, singleKeys, columns, sideFolded], () => {
    document.documentElement.dataset.theme = theme.value;
    setLanguage(language.value);
    setSingleKeys(singleKeys.value);
    try {
      localStorage.setItem(PLACE, JSON.stringify({
        theme: theme.value, language: language.value, singleKeys: singleKeys.value, columns: columns.value,
        sideFolded: sideFolded.value,
      }));
    } catch {
      // A full or forbidden storage costs the preference, never the work.
    }
  }, { immediate: true });

  return { theme, language, singleKeys, columns, sideFolded };
});
