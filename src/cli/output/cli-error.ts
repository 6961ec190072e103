import { ProblemError } from "#client";
import type { Diagnostic, ProblemCode } from "#client";
import { DuraniumError } from "../../domain/errors.ts";

/** How a command ends, for scripts. `docs/reference/command-line.md` explains each. */
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

/** Why a command cannot do what it was asked to, as a sentence, and what to do about it. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  /** What to do: a sentence. */
  readonly hint: string | undefined;
  readonly code: ProblemCode | "usage" | "cli" | "execution-failed";
  readonly diagnostics: readonly Diagnostic[];
  /** HTTP; absent where there was no answer. */
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

/** For what was written wrongly on the command line. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(message, { exitCode: exitCodes.usage, code: "usage", hint });
}

/** Whatever was thrown, as what a command ends with. */
export function toCliError(thrown: unknown): CliError {
  if (thrown instanceof CliError) return thrown;
  if (thrown instanceof ProblemError) return ofProblem(thrown);
  if (thrown instanceof DuraniumError) return ofLocal(thrown);
  return new CliError(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}

/** What was refused here, by what a server refuses by. */
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
    "Start it with `npx duranium start`, or name another address with --url, DURANIUM_URL or `npx duranium login`",
  "unexpected-answer": "Check the address: --url, DURANIUM_URL or `npx duranium login`",
  unauthenticated: "Log in with `npx duranium login`, or set DURANIUM_API_KEY",
  forbidden: "Use a key that may: whoever manages keys makes one with `npx duranium keys create`",
  "workflow-not-found": "`npx duranium workflows list` shows those that there are",
  "version-not-found": "`npx duranium workflows versions <workflow>` shows those that there are",
  "execution-not-found": "`npx duranium executions list` shows those that are kept",
  "webhook-not-found": "`npx duranium webhooks list <workflow>` shows those that there are",
  "secret-not-found": "`npx duranium secrets list <workflow>` shows those that there are",
  "api-key-not-found": "`npx duranium keys list` shows those that there are",
};

function wayOutOf({ code, retryAfterSeconds }: ProblemError): string | undefined {
  const hint = waysOut[code];
  if (hint !== undefined || retryAfterSeconds === undefined) return hint;
  return `Try again in ${retryAfterSeconds} s`;
}
