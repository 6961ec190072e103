import { ProblemError } from "#client";
import type { Diagnostic, ProblemCode } from "#client";
import { DuraniumError } from "../../domain/errors.ts";

/** Exit codes for scripts, explained in `docs/reference/command-line.md`. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notAllowed: 3,
  notFound: 4,
  unreachable: 5,
  doesNotCompile: 6,
  terminalFailure: 7,
  stillRunning: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An error of a command: what could not be done and why, and a hint what to do. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  /** What to do, as a sentence. */
  readonly hint: string | undefined;
  readonly code: ProblemCode | "usage" | "cli" | "execution-failed";
  readonly diagnostics: readonly Diagnostic[];
  /** HTTP status; absent without a response. */
  readonly status: number | undefined;

  constructor(
    message: string,
    about: {
      readonly exitCode?: ExitCode;
      readonly hint?: string | undefined;
      readonly code?: CliError["code"];
      readonly diagnostics?: readonly Diagnostic[];
      readonly status?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: about.cause });
    this.exitCode = about.exitCode ?? exitCodes.failed;
    this.hint = about.hint;
    this.code = about.code ?? "cli";
    this.diagnostics = about.diagnostics ?? [];
    this.status = about.status;
  }
}

/** An invalid command line. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(message, { exitCode: exitCodes.usage, code: "usage", hint });
}

/** Converts any thrown value. */
export function toCliError(thrown: unknown): CliError {
  if (thrown instanceof CliError) return thrown;
  if (thrown instanceof ProblemError) return ofProblem(thrown);
  if (thrown instanceof DuraniumError) return ofLocal(thrown);
  return new CliError(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}

/** Converts an error of this machine to the exit code that the server's error would have. */
function ofLocal(error: DuraniumError): CliError {
  const { code, status, diagnostics, message } = error;
  const exitCode = status === 422 ? exitCodes.doesNotCompile : exitCodes.failed;
  return new CliError(message, { exitCode, code, diagnostics, cause: error });
}

function ofProblem(error: ProblemError): CliError {
  const { code, status, diagnostics } = error;
  return new CliError(error.detail, {
    exitCode: exitCodeOf(error),
    hint: wayOutOf(error),
    code,
    diagnostics,
    ...(status === 0 ? {} : { status }),
    cause: error,
  });
}

function exitCodeOf({ code, status }: ProblemError): ExitCode {
  if (code === "unreachable") return exitCodes.unreachable;
  if (status === 401 || status === 403) return exitCodes.notAllowed;
  if (status === 404) return exitCodes.notFound;
  if (status === 422) return exitCodes.doesNotCompile;
  return status === 400 ? exitCodes.usage : exitCodes.failed;
}

const waysOut: Partial<Record<ProblemCode, string>> = {
  unreachable:
    "Start it with `npx duranium start`, or set another URL with --url, DURANIUM_URL or `npx duranium login`",
  "unexpected-answer": "Check the server URL: --url, DURANIUM_URL or `npx duranium login`",
  unauthenticated: "Log in with `npx duranium login`, or set DURANIUM_API_KEY",
  forbidden:
    "Use a key with the required scope. An administrator creates one with `npx duranium keys create`",
  "workflow-not-found": "List workflows with `npx duranium workflows list`",
  "version-not-found": "List versions with `npx duranium workflows versions <workflow>`",
  "execution-not-found": "List executions with `npx duranium executions list`",
  "webhook-not-found": "List webhooks with `npx duranium webhooks list <workflow>`",
  "secret-not-found": "List secrets with `npx duranium secrets list <workflow>`",
  "api-key-not-found": "List keys with `npx duranium keys list`",
};

function wayOutOf({ code, retryAfterSeconds }: ProblemError): string | undefined {
  const hint = waysOut[code];
  if (hint !== undefined || retryAfterSeconds === undefined) return hint;
  return `Try again in ${retryAfterSeconds} s`;
}
