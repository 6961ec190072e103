import { visitInstructions } from "../wasm/code.ts";
import { opcodes } from "../wasm/opcodes.ts";
import { costOf, minCharge, minChargedRun } from "./fuel-cost.ts";

/**
 * Where a function's body is charged for what it does.
 *
 * A straight run is a piece of code that is left at its end and entered at its beginning only. All of it is
 * charged there, before it runs. Runs that begin the function or the body of a loop are always charged: whatever
 * goes on without end comes by one of them. Others are charged when they are long.
 */
export interface ChargePoint {
  /** Where in the body the charge is put: before the first instruction of the run. */
  readonly offset: number;
  /** In fuel. */
  readonly cost: number;
}

/** In the order of the body. */
export function findChargePoints(body: Uint8Array): readonly ChargePoint[] {
  const points: ChargePoint[] = [];
  let run: Run | undefined;
  visitInstructions(body, (opcode, start, end) => {
    run ??= { kind: "head", offset: start, cost: 0 };
    run.cost += costOf(opcode);
    const next = runAfter[opcode];
    if (next === undefined) return;
    if (isCharged(run)) points.push({ offset: run.offset, cost: Math.max(minCharge, run.cost) });
    run = { kind: next, offset: end, cost: 0 };
  });
  return points;
}

interface Run {
  readonly kind: RunKind;
  readonly offset: number;
  cost: number;
}

/** `head`: of a function or a loop. `dead`: behind an instruction that goes elsewhere, so it never runs. */
type RunKind = "head" | "inner" | "dead";

/** The instructions that end a run, and what begins behind them. */
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

function isCharged({ kind, cost }: Run): boolean {
  return kind === "head" || (kind === "inner" && cost >= minChargedRun);
}
