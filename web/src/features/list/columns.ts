/** Columns of the order list: which there are, which are shown, how wide (px; 0 takes what is left). */

export interface Column {
  name: ColumnName;
  width: number;
  shown: boolean;
  /** In English, where its words are longer. */
  wide?: number;
}
export type ColumnName =
  | "lamp" | "title" | "state" | "nature" | "matter" | "place" | "unit" | "citizen" | "channel" | "urgency" | "received" | "closed" | "number";

export const COLUMNS: readonly Column[] = [
  { name: "lamp", width: 158, shown: true, wide: 142 },
  { name: "title", width: 0, shown: true },
  { name: "state", width: 94, shown: true, wide: 124 },
  { name: "nature", width: 48, shown: true, wide: 92 },
  { name: "matter", width: 122, shown: true, wide: 110 },
  { name: "place", width: 138, shown: true },
  { name: "unit", width: 106, shown: true },
  { name: "citizen", width: 128, shown: false },
  { name: "channel", width: 84, shown: false, wide: 120 },
  { name: "urgency", width: 76, shown: false },
  { name: "received", width: 92, shown: true },
  { name: "closed", width: 92, shown: false },
  { name: "number", width: 146, shown: true },
];

/** The chosen ones in their fixed order; the title always, because a row without it says nothing. */
export function shownColumns(chosen: readonly string[] | null): Column[] {
  return COLUMNS.filter((column) => column.name === "title" || (chosen ? chosen.includes(column.name) : column.shown));
}

export function toggled(chosen: readonly string[] | null, name: ColumnName): string[] {
  const now = shownColumns(chosen).map((column) => column.name as string);
  return now.includes(name) ? now.filter((one) => one !== name) : [...now, name];
}
