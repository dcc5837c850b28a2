/** The names of the flow as types. flow.json is written by `huying write-reference` from the server's flow table. */

import type table from "./flow.json";

export type ActionName = keyof (typeof table)["actions"];

/** Every kind of field that some action asks for. */
export type FieldType = keyof (typeof table)["field_types"];
