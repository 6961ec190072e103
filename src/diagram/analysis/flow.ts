import type { JoinMode, StepKind, StepShape } from "../contract/diagram.ts";
import type { Place } from "../source/place.ts";

/**
 * What code does, as a tree of the parts that a diagram shows. Parts are in the order in which they run. Code without a part
 * has no step, and fails at most.
 */
export type Part =
  | ({ readonly part: "step"; readonly kind: StepKind; readonly step: StepShape } & Shown)
  | ({
      readonly part: "branch";
      readonly arms: readonly Arm[];
      /** True if `break` leaves it. */
      readonly isSwitch?: boolean;
      /** True if it decides by `ctx.entryPoint` alone. */
      readonly isEntryPoint?: boolean;
    } & Shown)
  | ({
      readonly part: "loop";
      readonly test: readonly Part[];
      readonly body: readonly Part[];
      readonly update: readonly Part[];
      readonly labels: readonly string[];
      /** True if the body runs before the first test. */
      readonly isBodyFirst?: boolean;
      /** True if only a jump or a failure leaves it. */
      readonly isEndless?: boolean;
    } & Shown)
  | ({
      readonly part: "parallel";
      readonly mode: JoinMode;
      readonly branches: readonly Branch[];
      readonly isEach?: boolean;
    } & Shown)
  | ({ readonly part: "background"; readonly branches: readonly Branch[]; readonly isEach?: boolean } & Shown)
  | ({
      readonly part: "try";
      readonly body: readonly Part[];
      readonly handler?: { readonly flow: readonly Part[] } & Shown;
      readonly finalizer?: { readonly flow: readonly Part[] } & Shown;
    } & Shown)
  | ({ readonly part: "function"; readonly body: readonly Part[] } & Shown)
  | { readonly part: "block"; readonly name: string; readonly body: readonly Part[] }
  | ({ readonly part: "return" } & Shown)
  | ({ readonly part: "throw" } & Shown)
  | { readonly part: "break" | "continue"; readonly name: string | undefined }
  /** Code that may do anything, and may call the functions that it is given. */
  | ({ readonly part: "opaque"; readonly called: readonly Branch[] } & Shown);

export interface Shown extends Place {
  readonly label: string;
  readonly note?: string;
}

export interface Arm {
  readonly edge: "yes" | "no" | "case" | "next";
  readonly label?: string;
  readonly flow: readonly Part[];
}

export interface Branch {
  readonly label?: string;
  readonly flow: readonly Part[];
}

/** True if the parts contain a node that does something, and not only jumps. */
export function hasSteps(parts: readonly Part[]): boolean {
  return parts.some((part) => part.part === "step" || part.part === "opaque" || within(part).some(hasSteps));
}

/** True if the parts may leave what contains them, other than by a failure. */
export function hasJumps(parts: readonly Part[]): boolean {
  return parts.some((part) => {
    if (part.part === "return" || part.part === "break" || part.part === "continue") return true;
    return part.part !== "function" && part.part !== "background" && within(part).some(hasJumps);
  });
}

/** True if the code after these parts is never reached. */
export function alwaysLeaves(parts: readonly Part[]): boolean {
  const last = parts.at(-1);
  if (last === undefined) return false;
  if (last.part === "branch") return !last.isSwitch && last.arms.every(({ flow }) => alwaysLeaves(flow));
  return ["return", "throw", "break", "continue"].includes(last.part);
}

/** The number of nodes of the parts, roughly. */
export function sizeOf(parts: readonly Part[]): number {
  let size = 0;
  for (const part of parts) size += 1 + within(part).reduce((sum, inner) => sum + sizeOf(inner), 0);
  return size;
}

function within(part: Part): readonly (readonly Part[])[] {
  switch (part.part) {
    case "branch":
      return part.arms.map(({ flow }) => flow);
    case "loop":
      return [part.test, part.body, part.update];
    case "parallel":
    case "background":
      return part.branches.map(({ flow }) => flow);
    case "try":
      return [part.body, part.handler?.flow ?? [], part.finalizer?.flow ?? []];
    case "function":
    case "block":
      return [part.body];
    case "opaque":
      return part.called.map(({ flow }) => flow);
    default:
      return [];
  }
}
