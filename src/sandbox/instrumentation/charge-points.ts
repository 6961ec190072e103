import { visitInstructions } from "../wasm/code.ts";
import { opcodes } from "../wasm/opcodes.ts";
import { costOf, minCharge, minChargedRun } from "./fuel-cost.ts";

/**
 * Finds the places in a function's body where fuel is charged.
 *
 * A straight run is a piece of code that is entered only at its start and left only at its end. Its whole
 * cost is charged at its start, before it runs. Runs at the start of a function or of a loop's body are
 * always charged, because endless code must pass through one of them. Other runs are charged if they are
 * long.
 */
export interface ChargePoint {
  /** The place of the charge in the body: before the first instruction of the run. */
  readonly offset: number;
  /** Cost in fuel. */
  readonly cost: number;
}

/**
 * In the order of the body.
 *
 * @param minRun the cost from which a run is charged that is not at the start of a function or a loop
 */
export function findChargePoints(body: Uint8Array, minRun = minChargedRun): readonly ChargePoint[] {
  const points: ChargePoint[] = [];
  let run: Run | undefined;
  visitInstructions(body, (opcode, start, end) => {
    run ??= { kind: "head", offset: start, cost: 0 };
    run.cost += costOf(opcode);
    const next = runAfter[opcode];
    if (next === undefined) return;
    if (isCharged(run, minRun)) points.push({ offset: run.offset, cost: Math.max(minCharge, run.cost) });
    run = { kind: next, offset: end, cost: 0 };
  });
  return points;
}

interface Run {
  readonly kind: RunKind;
  readonly offset: number;
  cost: number;
}

/** `head`: the start of a function or a loop. `dead`: after an instruction that jumps, so it never runs. */
type RunKind = "head" | "inner" | "dead";

/** The instructions that end a run, and the kind of the run after them. */
const runAfter: Readonly<Record<number, RunKind>> = {
  [opcodes.loop]: "head",
  [opcodes.if]: "inner",
  [opcodes.else]: "inner",
  [opcodes.end]: "inner",
  [opcodes.branchIf]: "inner",
  [opcodes.branch]: "dead",
  [opcodes.branchTable]: "dead",
  [opcodes.return]: "dead",
  [opcodes.unreachable]: "dead",
};

function isCharged({ kind, cost }: Run, minRun: number): boolean {
  return kind === "head" || (kind === "inner" && cost >= minRun);
}
