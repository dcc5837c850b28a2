/** Who sits here and what they may do; an ended session is renewed without leaving the page. */

import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";
import * as calls from "@/api/calls";
import { isProblem } from "@/api/problem";
import type { Me, Permission } from "@/api/types";

export const useSession = defineStore("session", () => {
  const me = shallowRef<Me | null>(null);
  /** The server has been asked who we are. */
  const known = ref(false);
  /** The session ended while someone worked: ask for the password over the page. */
  const lapsed = ref(false);

  const permissions = computed(() => new Set<string>(me.value?.permissions ?? []));
  const roles = computed(() => (me.value?.roles ?? []).map((role) => role.code));
  const may = (permission: Permission | string): boolean => permissions.value.has(permission);

  async function load(): Promise<Me | null> {
    try {
      me.value = await calls.me();
      lapsed.value = false;
    } catch (error) {
      if (!isProblem(error) || !error.isSignIn) throw error;
      me.value = null;
    } finally {
      known.value = true;
    }
    return me.value;
  }

  async function signIn(username: string, password: string): Promise<Me> {
    const answer = await calls.signIn(username, password);
    me.value = answer.me;
    known.value = true;
    lapsed.value = false;
    return answer.me;
  }

  async function signOut(): Promise<void> {
    await calls.signOut();
    me.value = null;
  }

  function lapse(): void {
    if (me.value) lapsed.value = true;
  }

  return { me, known, lapsed, roles, may, load, signIn, signOut, lapse };
});
