/** What can go wrong between the desk and the server, in one shape that every screen can show. */

export interface FieldProblem {
  field: string;
  sentence: string;
}

export interface StaleLatest {
  label: string;
  actor: string;
  at: string;
}

/** Codes the client itself gives; all others come from the server. */
export const OFFLINE = "offline";
export const UNREADABLE = "unreadable";

/** A refusal or failure as the server said it (problem+json), or as the network left it. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** One sentence a clerk can act on; empty when only the client knows (see `code`). */
  readonly sentence: string;
  readonly errors: FieldProblem[];
  readonly details: Record<string, unknown>;

  constructor(status: number, code: string, sentence: string, errors: FieldProblem[] = [],
    details: Record<string, unknown> = {}) {
    super(sentence || code);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.sentence = sentence;
    this.errors = errors;
    this.details = details;
  }

  get isOffline(): boolean {
    return this.code === OFFLINE;
  }

  get isSignIn(): boolean {
    return this.status === 401;
  }

  get isStale(): boolean {
    return this.status === 409 && this.code === "stale";
  }

  /** The server said no, and saying it again will not help. */
  get isRefusal(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 401 && this.status !== 408 && this.status !== 429;
  }

  /** Who changed the order meanwhile, when the server tells. */
  get latest(): StaleLatest | null {
    const latest = this.details.latest;
    return isRecord(latest) ? (latest as unknown as StaleLatest) : null;
  }

  /** The sentence beside one field, or an empty string. */
  forField(field: string): string {
    return this.errors.find((error) => error.field === field)?.sentence ?? "";
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldProblems(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isRecord)
    .filter((one) => typeof one.field === "string" && typeof one.sentence === "string")
    .map((one) => ({ field: one.field as string, sentence: one.sentence as string }));
}

/** Read an error answer; anything that is not problem+json becomes a problem without a sentence. */
export async function problemOf(response: Response): Promise<Problem> {
  let body: unknown;
  try {
    body = JSON.parse(await response.text());
  } catch {
    return new Problem(response.status, UNREADABLE, "");
  }
  if (!isRecord(body)) return new Problem(response.status, UNREADABLE, "");
  const { title, detail, code, errors, status: _status, type: _type, ...details } = body;
  const sentence = typeof detail === "string" && detail ? detail : typeof title === "string" ? title : "";
  return new Problem(response.status, typeof code === "string" ? code : UNREADABLE, sentence,
    fieldProblems(errors), details);
}

export function isProblem(error: unknown): error is Problem {
  return error instanceof Problem;
}

/** True for a request that we gave up ourselves (a newer one replaced it). */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
