import type { EdgeKind } from "../contract/diagram.ts";

/** An edge whose end is not known yet. */
export interface Loose {
  readonly from: string;
  readonly kind: EdgeKind;
  readonly label?: string;
}

/** What a jump goes through and to, from the inside out. */
export type Scope =
  | {
      readonly of: "target";
      readonly labels: readonly string[];
      /** A `switch` and a labeled block have no `continue`; a block has no `break` without its label. */
      readonly is: "loop" | "switch" | "block";
      readonly breaks: Loose[];
      readonly continues: Loose[];
      readonly outer: Scope | undefined;
    }
  | { readonly of: "function"; readonly returns: Loose[]; readonly outer: Scope | undefined }
  /** A branch of a parallel node: what it returns or throws ends there. */
  | { readonly of: "branch"; readonly returns: Loose[]; readonly outer: Scope | undefined }
  /** A `try` with a `catch`, while its body runs. */
  | { readonly of: "handler"; readonly errors: Loose[]; readonly outer: Scope | undefined }
  /** A `try` with a `finally`, while its body or its `catch` runs. Jumps go through it. */
  | {
      readonly of: "finally";
      readonly entries: Loose[];
      readonly jumps: Map<string, Jump>;
      readonly outer: Scope | undefined;
    };

export type Jump =
  | { readonly to: "return" | "throw" }
  | { readonly to: "break" | "continue"; readonly name: string | undefined };

/**
 * Connects loose edges to where a jump goes.
 *
 * @returns false if it leaves the workflow
 */
export function jump(loose: readonly Loose[], way: Jump, scope: Scope | undefined): boolean {
  for (let at = scope; at !== undefined; at = at.outer) {
    const found = entriesOf(at, way);
    if (found === "ends") return false;
    if (found === undefined) continue;
    found.push(...loose);
    return true;
  }
  return false;
}

function entriesOf(scope: Scope, way: Jump): Loose[] | "ends" | undefined {
  switch (scope.of) {
    case "finally":
      scope.jumps.set(JSON.stringify(way), way);
      return scope.entries;
    case "handler":
      return way.to === "throw" ? scope.errors : undefined;
    case "function":
      return way.to === "return" ? scope.returns : undefined;
    case "branch":
      return way.to === "return" ? scope.returns : "ends";
    default:
      return way.to === "break" || way.to === "continue" ? targetOf(scope, way) : undefined;
  }
}

function targetOf(
  scope: Extract<Scope, { of: "target" }>,
  way: Extract<Jump, { to: "break" | "continue" }>,
): Loose[] | undefined {
  const { to, name } = way;
  const isNamed = name !== undefined && scope.labels.includes(name);
  if (to === "continue")
    return scope.is === "loop" && (name === undefined || isNamed) ? scope.continues : undefined;
  return isNamed || (name === undefined && scope.is !== "block") ? scope.breaks : undefined;
}
