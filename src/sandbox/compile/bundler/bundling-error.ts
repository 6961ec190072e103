import { DuraniumError } from "../../../domain/errors.ts";
import type { Diagnostic } from "../../../domain/errors.ts";
import { refused } from "./bundle.ts";
import { bundleCpuSeconds, bundleMemoryBytes } from "./limits.ts";

/** Errors of a bundle whose esbuild process exited. */

/** A source is charged for processor time. A wall-clock timeout is the machine's fault, not the source's. */
export function bundlingTimedOut(timeoutMs: number): DuraniumError {
  const message = `Cannot bundle the workflow: it timed out after ${timeoutMs / 1000} s because this machine is busy. Try again later`;
  return new DuraniumError("overloaded", message);
}

/** @param log the start of what esbuild's program wrote before it exited */
export function bundlerCrashed(log: string): DuraniumError {
  const known = causes.find(({ pattern }) => pattern.test(log));
  if (known !== undefined) return refused("compile-failed", [known.diagnostic]);
  return new DuraniumError("worker-lost", "Cannot bundle the workflow: esbuild exited", {
    cause: new Error(log.slice(0, 300)),
  });
}

const causes: readonly { readonly pattern: RegExp; readonly diagnostic: Diagnostic }[] = [
  {
    pattern: /stack overflow|stack exceeds/,
    diagnostic: {
      message: "Cannot bundle this source: it is nested too deeply",
      hint: "Flatten deeply nested expressions, such as those in generated code",
    },
  },
  {
    pattern: /out of memory|cannot allocate/,
    diagnostic: {
      message: `Bundling exceeded its memory limit of ${bundleMemoryBytes / 1024 ** 3} GiB`,
      hint: "Flatten deeply nested expressions and constants that are computed from each other, as in enums, or import fewer or smaller packages",
    },
  },
  {
    pattern: /SIGXCPU|cpu limit exceeded/,
    diagnostic: {
      message: `Bundling exceeded its processor time limit of ${bundleCpuSeconds} s`,
      hint: "Import fewer or smaller packages, or bundle them before the deploy",
    },
  },
];
