import type { Arrival } from "../../recordings/recording.ts";
import type { JournalEntry, OperationEntry } from "../journal-entries.ts";
import { planIn } from "../reuse/reuse-plan.ts";

/** An arrival of a result, with the sources by which the plan of a retry names it: the number of a command, the name of a signal. */
export interface SourcedArrival {
  readonly arrival: Arrival;
  readonly sources: readonly (number | string)[];
  /** The index of its command in the journal. */
  readonly commandIndex: number;
}

/**
 * Marks the arrivals of results that a retry from the failed step, or a fork, has from another execution. It waits for each of them
 * alone (`host/reused-steps.ts`).
 */
export function reusedIn(
  entries: readonly JournalEntry[],
  commands: readonly OperationEntry[],
): (sourced: SourcedArrival) => Arrival {
  const plan = planIn(entries);
  if (plan === undefined) return ({ arrival }) => arrival;
  const failed = commands[plan.failedCommand];
  const recovered = entries.find(
    (entry) => entry.kind === "result" && entry.completionId === failed?.completionId,
  );
  // Commands that follow the result of the failed step are new.
  const newFrom = recovered?.kind === "result" ? recovered.index : Infinity;
  const reused = new Set([...plan.before, ...plan.after].map(({ source }) => source));
  return ({ arrival, sources, commandIndex }) => {
    const isReused = commandIndex < newFrom && sources.some((source) => reused.has(source));
    return isReused && ("call" in arrival || "signal" in arrival) ? { ...arrival, reused: true } : arrival;
  };
}
