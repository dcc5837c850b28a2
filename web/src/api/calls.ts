/** Every call of the contract by name. Screens use these or the queries built on them, never paths. */

import { type Query, api } from "./client";
import type {
  Attachment, CitizenLookup, Draft, Flow, Items, Matter, Me, NewOrder, Order, OrderEvent, OrderPageOfRows, Place,
  QueueCount, Revealed, Routing, RoutingBefore, SavedView, SignedIn, Unit, Welcome,
} from "./types";

type Signal = AbortSignal | undefined;
const at = encodeURIComponent;

export const welcome = (signal?: Signal) => api.get<Welcome>("/welcome", {}, signal);
export const signIn = (username: string, password: string) =>
  api.post<SignedIn>("/sessions", { username, password });
export const signOut = () => api.delete("/sessions");
export const me = (signal?: Signal) => api.get<Me>("/me", {}, signal);

export const queues = (signal?: Signal) => api.get<QueueCount[]>("/queues", {}, signal);
export const flow = (signal?: Signal) => api.get<Flow>("/flow", {}, signal);

/** `query` is the string a queue or a saved view carries, or filters by name. */
export const orders = (query: Query | string, signal?: Signal) =>
  typeof query === "string"
    ? api.get<OrderPageOfRows>(`/orders${query ? `?${query}` : ""}`, {}, signal)
    : api.get<OrderPageOfRows>("/orders", query, signal);
export const order = (number: string, signal?: Signal) => api.get<Order>(`/orders/${at(number)}`, {}, signal);
export const events = (number: string, signal?: Signal) =>
  api.get<Items<OrderEvent>>(`/orders/${at(number)}/events`, {}, signal);
export const routing = (number: string, signal?: Signal) =>
  api.get<Routing>(`/orders/${at(number)}/routing`, {}, signal);
export const routingBefore = (query: { matter: string; street?: string | null; nature?: string; urgency?: string }, signal?: Signal) =>
  api.get<RoutingBefore>("/routing", query, signal);

/** 受理: register a request; repeat with the same key after a lost answer. */
export const register = (body: NewOrder, idempotencyKey: string) =>
  api.post<Order>("/orders", body, { idempotencyKey });
/** Any verb of the flow; `seen` is the version on the screen. */
export const act = (number: string, verb: string, body: { seen: number; assignment?: number } & Record<string, unknown>,
  idempotencyKey?: string) =>
  api.post<Order>(`/orders/${at(number)}/${at(verb)}`, body, idempotencyKey ? { idempotencyKey } : {});
export const reveal = (number: string, reason: string) =>
  api.post<Revealed>(`/orders/${at(number)}/reveal`, { reason });
export const attach = (number: string, file: File, signal?: AbortSignal) => {
  const form = new FormData();
  form.append("file", file, file.name);
  return api.post<Attachment>(`/orders/${at(number)}/attachments`, form, signal ? { signal } : {});
};

export const matters = (query: { q?: string; leaf?: boolean; parent?: string; limit?: number }, signal?: Signal) =>
  api.get<Items<Matter>>("/matters", query, signal);
export const units = (query: { q?: string; tier?: number; kind?: string; parent?: string; limit?: number }, signal?: Signal) =>
  api.get<Items<Unit>>("/units", query, signal);
export const places = (query: { q: string; limit?: number }, signal?: Signal) =>
  api.get<Items<Place>>("/places", query, signal);
export const lookupCitizen = (phone: string, signal?: AbortSignal) =>
  api.post<CitizenLookup>("/citizens/lookup", { phone }, signal ? { signal } : {});

export const drafts = (signal?: Signal) => api.get<Items<Draft>>("/drafts", {}, signal);
export const saveDraft = (key: string, content: Record<string, unknown>) =>
  api.put<{ key: string; saved_at: string }>(`/drafts/${at(key)}`, { content });
export const deleteDraft = (key: string) => api.delete(`/drafts/${at(key)}`);

export const views = (signal?: Signal) => api.get<Items<SavedView>>("/views", {}, signal);
export const saveView = (name: string, query: string) => api.post<SavedView>("/views", { name, query });
export const deleteView = (id: number) => api.delete(`/views/${id}`);
