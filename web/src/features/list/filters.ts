/** Filters of the order list and their place in the address bar: what one sees can be sent as a link. */

import type { LocationQuery, LocationQueryRaw } from "vue-router";

export const LISTS = ["state", "nature", "urgency", "channel"] as const;
export const WORDS = ["q", "lamp", "domain", "matter", "unit", "area", "street", "from", "to", "phone", "queue"] as const;
export const SWITCHES = ["mine", "ours"] as const;

export type ListName = (typeof LISTS)[number];
export type WordName = (typeof WORDS)[number];
export type SwitchName = (typeof SWITCHES)[number];
export type FilterName = ListName | WordName | SwitchName;
export type Sort = "newest" | "due";

export type Filters = Record<ListName, string[]> & Record<WordName, string> & Record<SwitchName, boolean> & { sort: Sort };

const LAMPS = new Set(["red", "yellow", "green"]);
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function noFilters(): Filters {
  return {
    state: [], nature: [], urgency: [], channel: [], q: "", lamp: "", domain: "", matter: "", unit: "", area: "", street: "",
    from: "", to: "", phone: "", queue: "", mine: false, ours: false, sort: "newest",
  };
}

function first(value: LocationQuery[string] | undefined): string {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "string" ? one.trim() : "";
}

/** Read an address; what makes no sense is dropped, because links are typed and cut by people. */
export function filtersFrom(query: LocationQuery): Filters {
  const filters = noFilters();
  for (const name of LISTS) {
    filters[name] = [...new Set(first(query[name]).split(",").map((code) => code.trim()).filter((code) => /^\w+$/.test(code)))];
  }
  for (const name of WORDS) filters[name] = first(query[name]);
  if (!LAMPS.has(filters.lamp)) filters.lamp = "";
  if (!DAY.test(filters.from)) filters.from = "";
  if (!DAY.test(filters.to)) filters.to = "";
  for (const name of SWITCHES) filters[name] = first(query[name]) === "true";
  filters.sort = first(query.sort) === "due" ? "due" : "newest";
  return filters;
}

/** The address of these filters; nothing empty in it, always in the same order. */
export function addressOf(filters: Filters): LocationQueryRaw {
  const query: Record<string, string> = {};
  for (const name of LISTS) if (filters[name].length) query[name] = filters[name].join(",");
  for (const name of WORDS) if (filters[name]) query[name] = filters[name];
  for (const name of SWITCHES) if (filters[name]) query[name] = "true";
  if (filters.sort !== "newest") query.sort = filters.sort;
  return query;
}

/** What the server is asked, as a string: also the key of the list and the text of a saved view. */
export function queryOf(filters: Filters): string {
  return new URLSearchParams(addressOf(filters) as Record<string, string>).toString().replaceAll("%2C", ",");
}

export function filtersOf(query: string): Filters {
  return filtersFrom(Object.fromEntries(new URLSearchParams(query)));
}

export interface Chip {
  name: FilterName;
  /** The code for lists, empty otherwise. */
  code: string;
}

/** One chip per thing that narrows the list, in the order of the filter bar. The search box shows its own text. */
export function chipsOf(filters: Filters): Chip[] {
  const chips: Chip[] = [];
  if (filters.queue) chips.push({ name: "queue", code: filters.queue });
  for (const name of SWITCHES) if (filters[name]) chips.push({ name, code: "" });
  for (const name of LISTS) for (const code of filters[name]) chips.push({ name, code });
  for (const name of WORDS) {
    if (name !== "q" && name !== "queue" && filters[name]) chips.push({ name, code: filters[name] });
  }
  return chips;
}

export function without(filters: Filters, chip: Chip): Filters {
  const next: Filters = { ...filters };
  if ((LISTS as readonly string[]).includes(chip.name)) {
    const name = chip.name as ListName;
    next[name] = filters[name].filter((code) => code !== chip.code);
  } else if ((SWITCHES as readonly string[]).includes(chip.name)) {
    next[chip.name as SwitchName] = false;
  } else {
    next[chip.name as WordName] = "";
  }
  return next;
}

/** Nothing narrows the list (the order of the rows does not). */
export function isAll(filters: Filters): boolean {
  return filters.q === "" && chipsOf(filters).length === 0;
}
