/** The one door to the server: session cookie, CSRF, problem+json, idempotency keys, aborts. */

import { OFFLINE, Problem, UNREADABLE, problemOf } from "./problem";

export const BASE = "/api/v1";
const CSRF_COOKIE = "huying_csrf";

export type QueryValue = string | number | boolean | null | undefined | readonly string[];
export type Query = Record<string, QueryValue>;

export interface Options {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** Say it again safely: the server answers a repeated key with the first answer. */
  idempotencyKey?: string;
}

type Listener = () => void;
let signInNeeded: Listener = () => undefined;

/** What happens when the session has ended (the session store asks to sign in without leaving the page). */
export function onSignInNeeded(listener: Listener): void {
  signInNeeded = listener;
}

/** A fresh key for one intention of the user; keep it until that intention has its answer. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  // randomUUID is only there on https and localhost; an intranet address may be plain http.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Turn filters into a query string; empty values vanish, lists become `a,b`. */
export function queryString(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "" || value === false) continue;
    const text = Array.isArray(value) ? value.join(",") : String(value);
    if (text) params.set(name, text);
  }
  return params.toString();
}

export function csrfToken(cookies: string = document.cookie): string {
  for (const part of cookies.split(";")) {
    const [name, ...rest] = part.trim().split("=");
    if (name === CSRF_COOKIE) return decodeURIComponent(rest.join("="));
  }
  return "";
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const text = options.query ? queryString(options.query) : "";
  const url = path.startsWith("/api/") ? path : BASE + path;
  const headers: Record<string, string> = { Accept: "application/json, application/problem+json" };
  let body: BodyInit | undefined;
  if (options.body instanceof FormData) {
    body = options.body;
  } else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  try {
    return await fetch(text ? `${url}${url.includes("?") ? "&" : "?"}${text}` : url, {
      method, headers, body, credentials: "same-origin", signal: options.signal ?? null,
    });
  } catch (error) {
    if (options.signal?.aborted) throw new DOMException("aborted", "AbortError");
    throw new Problem(0, OFFLINE, "", [], { cause: String(error) });
  }
}

/** Ask the server; resolves with the parsed answer (undefined for 204), rejects with a Problem. */
export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  let response = await send(method, path, options);
  if (response.status === 403 && method !== "GET") {
    // A CSRF cookie can age out in an eight-hour shift: fetch a new one and say it once more.
    const problem = await problemOf(response.clone());
    if (problem.code === "csrf_failed" || problem.code === "csrf") {
      await send("GET", "/welcome", {});
      response = await send(method, path, options);
    }
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.isSignIn && !path.startsWith("/sessions")) signInNeeded();
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new Problem(response.status, UNREADABLE, "");
  }
}

export const api = {
  get: <T>(path: string, query: Query = {}, signal?: AbortSignal) => request<T>("GET", path, { query, signal }),
  post: <T>(path: string, body?: unknown, options: Options = {}) => request<T>("POST", path, { ...options, body }),
  put: <T>(path: string, body?: unknown, options: Options = {}) => request<T>("PUT", path, { ...options, body }),
  delete: <T = void>(path: string, options: Options = {}) => request<T>("DELETE", path, options),
};

/**
 * One query in flight: each call aborts the one before it. The aborted call resolves with
 * `undefined`, so that a slow old answer never overwrites a new one.
 */
export function latestOnly<A extends unknown[], T>(
  ask: (signal: AbortSignal, ...args: A) => Promise<T>,
): { (...args: A): Promise<T | undefined>; cancel(): void } {
  let current: AbortController | null = null;
  const run = async (...args: A): Promise<T | undefined> => {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    try {
      const answer = await ask(mine.signal, ...args);
      return mine.signal.aborted ? undefined : answer;
    } catch (error) {
      if (mine.signal.aborted) return undefined;
      throw error;
    } finally {
      if (current === mine) current = null;
    }
  };
  return Object.assign(run, {
    cancel() {
      current?.abort();
      current = null;
    },
  });
}
