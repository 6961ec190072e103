import type { Diagnostic } from "../../domain/errors.ts";

/** Thrown for a module that cannot be run; carries what its author has to know. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join("; "));
    this.diagnostics = diagnostics;
  }
}

/** @throws {Refusal} always */
export function refuse(message: string, hint?: string): never {
  throw new Refusal([hint === undefined ? { message } : { message, hint }]);
}

/** At most this many names are listed in a message. */
const maxListed = 20;

/** `a, b, c`, shortened. The names come from the module. */
export function listOf(names: readonly string[]): string {
  const shown = names
    .slice(0, maxListed)
    .map((name) => (name.length > 100 ? `${name.slice(0, 100)}…` : name));
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}
