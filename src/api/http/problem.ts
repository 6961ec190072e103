import { type DuraniumError, type ErrorCode, errorCatalogue } from "../../domain/errors.ts";
import type { ProblemBody } from "./problem-schema.ts";

export const problemMediaType = "application/problem+json";

export interface ProblemContext {
  /** The path of the request, or an identifier of the error in the log. */
  readonly instance?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The stored draft, for `draft-conflict`. */
  readonly instead?: { readonly updatedAt: string; readonly updatedBy: string };
  /** The parts that are not ready, for `not-ready`. */
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

/** An error as an HTTP response. */
export function problemResponse(error: DuraniumError, context: ProblemContext = {}): Response {
  return new Response(JSON.stringify(problemBody(error, context)), {
    status: error.status,
    headers: { "content-type": problemMediaType, ...context.headers },
  });
}

/**
 * The `type` of a problem: the path of the page that explains it, relative to the origin of the API (RFC 9457, section
 * 3.1.1). Clients compare it, so it never changes.
 */
export function problemType(code: ErrorCode): string {
  return `/errors/${code}`;
}

/** Internal details are written to the log only. */
const internalDetail =
  "Something failed that should not. The request may work when it is sent again; the log has the details";
