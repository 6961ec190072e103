import type { Problem } from "./schemas.ts";

/**
 * The error code: one of the API (`docs/reference/errors.md`), `unreachable` if there was no response, or
 * `unexpected-answer` if another server responded, a proxy for example.
 */
export type ProblemCode = Problem["code"] | "unreachable" | "unexpected-answer";

/** Why a request could not be answered. Every method of the client rejects with one. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  /** The HTTP status of the answer; 0 where there was none. */
  readonly status: number;
  /** What could not be done, and to what: the same as `message`. */
  readonly detail: string;
  /** When it is worth trying again, in seconds, where the answer said so. */
  readonly retryAfterSeconds: number | undefined;
  /** The problem document (RFC 9457) with its other members; absent where the API has not sent one. */
  readonly problem: Problem | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    about: {
      readonly status?: number;
      readonly retryAfterSeconds?: number | undefined;
      readonly problem?: Problem;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: about.cause });
    this.code = code;
    this.detail = detail;
    this.status = about.status ?? 0;
    this.retryAfterSeconds = about.retryAfterSeconds;
    this.problem = about.problem;
  }

  /** Each rule that the request breaks, with its place in the body, the query, the path or the headers. */
  get errors(): NonNullable<Problem["errors"]> {
    return this.problem?.errors ?? [];
  }

  /** Where in what was sent something is wrong; empty where that is not what went wrong. */
  get diagnostics(): NonNullable<Problem["diagnostics"]> {
    return this.problem?.diagnostics ?? [];
  }
}

/** The error that an answer stands for whose status says that it is one. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const { status } = response;
  const text = await response.text();
  const problem = parseProblem(text);
  if (problem === undefined) return unexpectedAnswer(response, text);
  const retryAfter = response.headers.get("retry-after") ?? "";
  const retryAfterSeconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
  return new ProblemError(problem.code, problem.detail, { status, retryAfterSeconds, problem });
}

/** For what came, and was not Duranium's. */
export function unexpectedAnswer(response: Response, text: string, cause?: unknown): ProblemError {
  const begin = text.trim().slice(0, maxShownCharacters);
  return new ProblemError(
    "unexpected-answer",
    `What answered ${response.status} at ${response.url} is not Duranium's API${begin === "" ? "" : `: ${begin}`}`,
    { status: response.status, cause },
  );
}

/** For a request without a response. */
export function unreachable(url: string, cause: unknown): ProblemError {
  return new ProblemError("unreachable", `Cannot reach Duranium at ${url}: ${reasonOf(cause)}`, { cause });
}

/** The part of another server's response that identifies it. */
const maxShownCharacters = 200;

function parseProblem(text: string): Problem | undefined {
  try {
    const value = JSON.parse(text) as Partial<Problem> | null;
    return typeof value?.code === "string" && typeof value.detail === "string"
      ? (value as Problem)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Node's fetch has the reason in its cause; browsers tell none. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
