import { TerminalError } from "@restatedev/restate-sdk";
import { describe, expect, test } from "vitest";
import { DuraniumError } from "../../domain/errors.ts";
import { executionFailureOf, fromRestateFailure } from "../../journal/restate-failure.ts";
import { terminalFailure, toRestateError } from "./terminal-error.ts";

describe("an error of the catalogue", () => {
  test("crosses Restate with its code, message and diagnostics when it ends the invocation", () => {
    const diagnostics = [{ message: "Expected a brace", file: "a.ts", line: 3, column: 1 }];
    const error = new DuraniumError("compile-failed", "Cannot compile", { diagnostics });
    const crossed = fromRestateFailure(journaled(toRestateError(error)));
    expect(crossed).toMatchObject({ code: "compile-failed", message: "Cannot compile", diagnostics });
  });

  test("is retried by Restate if it is retryable", () => {
    const error = toRestateError(new DuraniumError("worker-lost", "The worker ended"));
    expect(error).not.toBeInstanceOf(TerminalError);
    expect(error.message).toBe("worker-lost: The worker ended");
  });

  test("is internal if Restate reports no known code", () => {
    const unknown = [
      { code: 500, message: "x" },
      { code: 500, message: "x", metadata: { code: "odd" } },
    ];
    for (const failure of unknown) expect(fromRestateFailure(failure).code).toBe("internal");
  });
});

describe("the failure of an execution", () => {
  const failure = {
    name: "RangeError",
    message: "total is -3",
    stack: "at run (a.ts:1:2)",
    code: "workflow-failed",
  };

  test("is readable in the Restate UI and is read back unchanged", () => {
    const error = terminalFailure("workflow-failed", failure);
    expect(error.message).toBe("RangeError: total is -3\nat run (a.ts:1:2)");
    expect(executionFailureOf(journaled(error))).toEqual(failure);
  });

  test("is read back with its causes and errors", () => {
    const inner = { name: "Error", message: "inner", stack: "at b (a.ts:3:4)" };
    const whole = { ...failure, cause: { ...inner, cause: inner }, errors: [inner, inner] };
    expect(executionFailureOf(journaled(terminalFailure("workflow-failed", whole)))).toEqual(whole);
  });

  test("is a cancellation if Restate reports status 409", () => {
    expect(executionFailureOf({ code: 409, message: "Cancelled" })).toEqual({
      name: "CancelledError",
      message: "Cancelled",
      code: "cancelled",
    });
  });

  test("has a generic name if its metadata cannot be parsed", () => {
    expect(executionFailureOf({ code: 500, message: "killed", metadata: { failure: "{" } })).toEqual({
      name: "Error",
      message: "killed",
    });
  });
});

function journaled(error: Error) {
  const { message, code, metadata } = error as TerminalError;
  return { code, message, ...(metadata === undefined ? {} : { metadata }) };
}
