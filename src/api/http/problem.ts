import { type DuraniumError, type ErrorCode, errorCatalogue } from "../../domain/errors.ts";
import type { ProblemBody } from "./problem-schema.ts";

export const problemMediaType = "application/problem+json";

export interface ProblemContext {
  /** What the problem is about: the path of the request, or a name under which the log has it. */
  readonly instance?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What there is instead, for `draft-conflict`. */
  readonly instead?: { readonly updatedAt: string; readonly updatedBy: string };
  /** What is not ready, for `not-ready`. */
  readonly problems?: readonly string[];
}

/** An error as a problem document (RFC 9457). */
export function problemBody(error: DuraniumError, context: ProblemContext = {}): ProblemBody {
  const { status, title } = errorCatalogue[error.code];
  return {
    type: problemType(error.code),
    title,
    status,
    detail: error.code === "internal" ? internalDetail : error.message,
    ...(context.instance === undefined ? {} : { instance: context.instance }),
    code: error.code,
    ...(error.fields.length === 0 ? {} : { errors: [...error.fields] }),
    ...(error.diagnostics.length === 0 ? {} : { diagnostics: [...error.diagnostics] }),
    ...(context.instead === undefined
      ? {}
      : { updatedAt: context.instead.updatedAt, updatedBy: context.instead.updatedBy }),
    ...(context.problems === undefined ? {} : { problems: [...context.problems] }),
  };
}

/** An error as the answer to a request. */
export function problemResponse(error: DuraniumError, context: ProblemContext = {}): Response {
  return new Response(JSON.stringify(problemBody(error, context)), {
    status: error.status,
    headers: { "content-type": problemMediaType, ...context.headers },
  });
}

/**
 * The `type` of a problem: the path of the page that explains it, on whatever origin the API has (RFC 9457, section 3.1.1).
 * It stays the same.
 */
export function problemType(code: ErrorCode): string {
  return `/errors/${code}`;
}

/** Says nothing of what happened inside: that is for the log. */
const internalDetail =
  "Something failed that should not. The request may work when it is sent again; the log has the details";
