import { messageOf } from "../../domain/errors.ts";

/** Why a fetch has no response, in a stable word. */
export type FetchErrorCode =
  /** The request itself cannot be made: no such scheme, method, header. */
  | "fetch-invalid"
  /** The rules of the installation do not let it out. */
  | "egress-refused"
  /** The network, or whoever answered, failed. */
  | "fetch-failed"
  | "fetch-timeout"
  /** A secret was to go where it may not, or is not there. */
  | "secret-refused"
  | "limit-exceeded";

/** A fetch that has no response. Its message is for the author of the workflow. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  readonly code: FetchErrorCode;
  /** The network's own code for it, as Node has it: `ECONNREFUSED`, `ENOTFOUND`, `UND_ERR_SOCKET`. */
  readonly networkCode: string | undefined;

  constructor(code: FetchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.networkCode = networkCodeOf(options?.cause);
  }

  /** The error itself where it is one, else a failure of the network with the texts of all its causes. */
  static of(error: unknown): FetchError {
    if (error instanceof FetchError) return error;
    return new FetchError("fetch-failed", networkReason(error), { cause: error });
  }
}

/** Node tells of a failed connection in layers: an aggregate of attempts, each with a code and a text. */
function networkReason(error: unknown): string {
  if (error instanceof AggregateError) return unique(error.errors.map(networkReason)).join("; ");
  const { code } = Object(error) as { readonly code?: unknown };
  const text = messageOf(error);
  const own = typeof code !== "string" || text.includes(code) ? text : `${text} (${code})`;
  const cause = error instanceof Error && error.cause instanceof Error ? networkReason(error.cause) : "";
  return unique([own, cause]).join(": ") || "the connection failed";
}

/** The first code of the error, its causes and the attempts of an aggregate. */
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
