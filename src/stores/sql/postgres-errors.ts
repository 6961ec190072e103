import { setTimeout as sleep } from "node:timers/promises";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import { DrizzleQueryError } from "./drizzle.ts";

/** How long a statement is repeated while the database cannot be reached. A standby is promoted within it. */
const patienceMs = 15_000;

const maxDelayMs = 1_000;

export interface Attempt {
  /** True if the work may run again although the failed attempt may have had its effect. */
  readonly isRepeatable: boolean;
  /** True if the work begins by reading: it then finds the row with which a concurrent one has violated a unique key. */
  readonly readsFirst?: boolean;
}

/** How often work may violate a unique key before that counts as its own error. */
const maxConflicts = 3;

/**
 * Repeats work on PostgreSQL that failed for a passing reason: always if it had no effect, and otherwise if it may run twice.
 *
 * @throws {DuraniumError} `database-unavailable`
 */
export async function withRetry<T>(work: () => Promise<T>, attempt: Attempt): Promise<T> {
  const deadline = Date.now() + patienceMs;
  let conflicts = 0;
  for (let delayMs = 10; ; delayMs = Math.min(2 * delayMs, maxDelayMs)) {
    try {
      return await work();
    } catch (thrown) {
      const error = withoutQuery(thrown);
      const code = codeOf(error);
      const isConflict =
        code === uniqueViolation && attempt.readsFirst === true && ++conflicts < maxConflicts;
      if (!(isConflict || isWithoutEffect(code) || isPassing(code))) throw error;
      const mayRepeat = isConflict || isWithoutEffect(code) || (attempt.isRepeatable && !isFinal(code));
      if (!mayRepeat || Date.now() + delayMs > deadline) throw unavailable(error);
      await sleep(delayMs * (0.5 + Math.random() / 2));
    }
  }
}

/** The error of the database. Drizzle's contains the parameters of the query, which must not reach a log. */
function withoutQuery(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? error.cause : error;
}

function unavailable(error: unknown): DuraniumError {
  return new DuraniumError("database-unavailable", `The database is unavailable: ${messageOf(error)}`, {
    cause: error,
  });
}

/** An error of a connection, in place of one of the driver, whose errors have no code. */
class ConnectionError extends Error {
  readonly code: string;

  constructor(code: string, cause: unknown) {
    super(messageOf(cause), { cause });
    this.code = code;
  }
}

/** The server is a standby: after a failover, connections find the new primary. */
export class StandbyError extends Error {
  readonly code = "STANDBY";

  constructor() {
    super("the server is a standby");
  }
}

/** The process stops, and has closed its connections. */
export class ClosedError extends Error {
  readonly code = closed;

  constructor() {
    super("the connections are closed");
  }
}

/**
 * The error with a code by which it can be told apart.
 *
 * @param phase whether a statement may have been sent
 */
export function connectionErrorOf(error: unknown, phase: "connect" | "use"): unknown {
  const code = codeOf(error);
  if (phase === "use") return code === "" ? new ConnectionError(connectionLost, error) : error;
  return code === "" || isPassing(code) ? new ConnectionError(notConnected, error) : error;
}

const notConnected = "NOT_CONNECTED";
const connectionLost = "CONNECTION_LOST";
const closed = "CLOSED";

/** @returns the code of Node, of `ConnectionError`, or the SQLSTATE */
function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { readonly code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}

const uniqueViolation = "23505";

const statementTimedOut = "57014";

/** A database that is overloaded must not get the statement again. */
function isFinal(code: string): boolean {
  return code === statementTimedOut || code === closed;
}

/** True if the session with the server has ended, or is one with a standby. */
export function hasLostConnection(error: unknown): boolean {
  const code = codeOf(withoutQuery(error));
  return code === readOnly || (isPassing(code) && !isFinal(code));
}

/** A standby got a change. */
const readOnly = "25006";

/** The statement was not sent, or was refused or rolled back as a whole. */
const withoutEffect = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  notConnected,
  "STANDBY",
  readOnly,
  // Serialization failure, deadlock, lock not available.
  "40001",
  "40P01",
  "55P03",
  // Too many connections.
  "53300",
  // The server starts, stops, or recovers.
  "57P03",
]);

function isWithoutEffect(code: string): boolean {
  return withoutEffect.has(code);
}

/** The connection was lost, or the statement timed out: the statement may have had its effect. */
const passing = new Set([
  connectionLost,
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  // A transaction was idle for too long, an administrator or a crash ended the connection, and its session was idle.
  "25P03",
  "57P01",
  "57P02",
  "57P05",
  statementTimedOut,
  closed,
]);

function isPassing(code: string): boolean {
  return passing.has(code) || code.startsWith("08");
}
