export * as calls from "./calls";
export { api, latestOnly, newKey, queryString, request, onSignInNeeded, type Query } from "./client";
export * from "./problem";
export * from "./queries";
export type * from "./types";
