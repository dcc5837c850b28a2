/** One clock for all times on the screen, moved every 30 s. */

import { type Ref, ref } from "vue";

const now = ref(new Date());
let ticking = false;

export function useNow(): Ref<Date> {
  if (!ticking) {
    ticking = true;
    window.setInterval(() => {
      now.value = new Date();
    }, 30_000);
  }
  return now;
}
