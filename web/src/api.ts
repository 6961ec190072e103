import { createClient, ProblemError } from "#client";

/** The client of this origin's API, which the session cookie authenticates. */
export const api = createClient({ baseUrl: "" });

/** Whether an error is one of the catalogue in `docs/reference/errors.md`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof ProblemError && error.code === code;
}

/** Describes an error for the user. */
export function describe(error: unknown): {
  readonly title: string;
  readonly detail: string;
  /** The name of the error in `docs/reference/errors.md`. */
  readonly code?: string;
} {
  if (!(error instanceof ProblemError)) {
    return {
      title: "Something went wrong",
      detail: error instanceof Error ? error.message : String(error),
    };
  }
  if (error.code === "unreachable") return unreachable;
  return {
    title: error.problem?.title ?? "Server error",
    detail: error.detail,
    code: error.code,
  };
}

const unreachable = {
  title: "Cannot reach the server",
  detail: "Check that it is running and that you are online. Reconnecting automatically.",
};
