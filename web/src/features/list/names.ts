/** Names of the codes that filters carry (单位、事项、区划), so that a chip never shows a code. */

import { shallowReactive } from "vue";
import * as calls from "@/api/calls";
import { isProblem } from "@/api/problem";

export type Named = "unit" | "matter" | "place";
const names = shallowReactive(new Map<string, string>());
const asked = new Set<string>();

export function remember(kind: Named, code: string, name: string): void {
  names.set(`${kind}:${code}`, name);
}

async function ask(kind: Named, code: string): Promise<void> {
  try {
    if (kind === "unit") {
      const found = (await calls.units({ q: code, limit: 5 })).items.find((unit) => unit.code === code);
      if (found) remember(kind, code, found.name);
    } else if (kind === "matter") {
      const found = (await calls.matters({ q: code, limit: 5 })).items.find((matter) => matter.code === code);
      if (found) remember(kind, code, found.name);
    } else {
      const found = (await calls.places({ q: code, limit: 5 })).items.find((place) => place.code === code);
      if (found) remember(kind, code, found.path || found.name);
    }
  } catch (error) {
    // The chip keeps its general word; the list itself reports a lost connection.
    if (!isProblem(error)) throw error;
    asked.delete(`${kind}:${code}`);
  }
}

/** The name, or an empty string while it is being asked for (once). */
export function nameOf(kind: Named, code: string): string {
  const key = `${kind}:${code}`;
  const known = names.get(key);
  if (known) return known;
  if (!asked.has(key)) {
    asked.add(key);
    void ask(kind, code);
  }
  return "";
}
