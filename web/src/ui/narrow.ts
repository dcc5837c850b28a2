/** True on a screen as narrow as a phone's, where one column is all there is. The same width as in the style sheets. */

import { type Ref, ref } from "vue";

const narrow = ref(false);
let watched = false;

export function useNarrow(): Ref<boolean> {
  if (!watched && typeof window.matchMedia === "function") {
    watched = true;
    const query = window.matchMedia("(max-width: 760px)");
    narrow.value = query.matches;
    query.addEventListener("change", (event) => {
      narrow.value = event.matches;
    });
  }
  return narrow;
}
