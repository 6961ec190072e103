import { DuraniumError, messageOf } from "../../domain/errors.ts";

/** The stable code of why a fetch has no response. */
export type FetchErrorCode =
  /** The request is invalid: its URL, scheme, method or a header. */
  | "fetch-invalid"
  /** The rules of the installation refuse the destination. */
  | "egress-refused"
  /** The network or the server failed. */
  | "fetch-failed"
  | "fetch-timeout"
  /** A secret does not exist, or must not be sent to this destination. */
  | "secret-refused"
  | "limit-exceeded";

/** A fetch that has no response. Its message is for the author of the workflow. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  readonly code: FetchErrorCode;
  /** Node's code of the network error: `ECONNREFUSED`, `ENOTFOUND`, `UND_ERR_SOCKET`. */
  readonly networkCode: string | undefined;

  constructor(code: FetchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.networkCode = networkCodeOf(options?.cause);
  }

  /**
   * Returns a `FetchError` unchanged. Wraps any other error as a network failure, with the texts of its causes.
   *
   * @throws {DuraniumError} `database-unavailable`: the secrets could not be read, which is no outcome of the fetch
   */
  static of(error: unknown): FetchError {
    if (error instanceof FetchError) return error;
    if (error instanceof DuraniumError && error.code === "database-unavailable") throw error;
    return new FetchError("fetch-failed", networkReason(error), { cause: error });
  }
}

/** Joins the texts of a failed connection, which Node reports as nested errors: an aggregate of attempts with codes. */
function networkReason(error: unknown): string {
  if (error instanceof AggregateError) return unique(error.errors.map(networkReason)).join("; ");
  const { code } = Object(error) as { readonly code?: unknown };
  const text = messageOf(error);
  const own = typeof code !== "string" || text.includes(code) ? text : `${text} (${code})`;
  const cause = error instanceof Error && error.cause instanceof Error ? networkReason(error.cause) : "";
  return unique([own, cause]).join(": ") || "the connection failed";
}

/** Returns the first code among the error, its causes and the attempts of an aggregate. */
function networkCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof FetchError) return error.networkCode;
  if ("code" in error && typeof error.code === "string") return error.code;
  const attempts: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error.cause, ...attempts].map(networkCodeOf).find((code) => code !== undefined);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== "");
}
