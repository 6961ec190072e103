import { DuraniumError } from "../domain/errors.ts";
import type { Diagnostic } from "../domain/errors.ts";

/** A package as an error names it: `zod@4.6.7`. */
export function shownPackage({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}@${version}`;
}

/** Why packages cannot be added. Each diagnostic names the package. */
export function packagesRefused(diagnostics: readonly Diagnostic[], cause?: unknown): DuraniumError {
  const [first] = diagnostics;
  const more = diagnostics.length < 2 ? "" : ` (and ${diagnostics.length - 1} more)`;
  return new DuraniumError("package-refused", `${first?.message ?? "Cannot add packages"}${more}`, {
    diagnostics,
    cause,
  });
}

/** Why one package cannot be added. */
export function packageRefused(
  what: string,
  reason: string,
  details: Pick<Diagnostic, "hint" | "file"> = {},
): DuraniumError {
  return packagesRefused([{ message: `Cannot add package "${what}": ${reason}`, ...details }]);
}
