import { DuraniumError } from "../../../domain/errors.ts";
import type { Diagnostic } from "../../../domain/errors.ts";
import { bundleCpuSeconds, bundleMemoryBytes } from "../../../domain/limits.ts";
import { refused } from "./bundle.ts";

/** What a bundle came to that esbuild did not survive. */

/** Processor time is what a source is charged for. That it took long by the clock is this machine's affair. */
export function bundlingTimedOut(timeoutMs: number): DuraniumError {
  const message = `Cannot bundle the workflow: it was not done after ${timeoutMs / 1000} s, because this machine is busy. Try again later`;
  return new DuraniumError("overloaded", message);
}

/** @param log the beginning of what esbuild's program wrote when it ended */
export function bundlerCrashed(log: string): DuraniumError {
  const known = causes.find(({ pattern }) => pattern.test(log));
  if (known !== undefined) return refused("compile-failed", [known.diagnostic]);
  return new DuraniumError("worker-lost", "Cannot bundle the workflow: esbuild ended", {
    cause: new Error(log.slice(0, 300)),
  });
}

const causes: readonly { readonly pattern: RegExp; readonly diagnostic: Diagnostic }[] = [
  {
    pattern: /stack overflow|stack exceeds/,
    diagnostic: {
      message: "esbuild cannot bundle this source: it is nested too deeply",
      hint: "Look for expressions that are nested very deeply, as generators write them, and flatten them",
    },
  },
  {
    pattern: /out of memory|cannot allocate/,
    diagnostic: {
      message: `Bundling took more than ${bundleMemoryBytes / 1024 ** 3} GiB of memory`,
      hint: "Look for expressions that are nested very deeply, and for constants that are built of each other, as in enums; import fewer or smaller packages",
    },
  },
  {
    pattern: /SIGXCPU|cpu limit exceeded/,
    diagnostic: {
      message: `Bundling took more than ${bundleCpuSeconds} s of processor time`,
      hint: "Import fewer or smaller packages, or bundle them before the deploy",
    },
  },
];
