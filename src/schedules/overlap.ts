import type { OverlapPolicy } from "../domain/automation/schedule.ts";

/** What is in progress when instants are due. */
export interface Occupancy {
  readonly running: number;
  readonly buffered: readonly number[];
  /** Instants that would start beyond it are skipped. */
  readonly maxRunning: number;
}

/** What happens at each of the due instants. */
export interface OverlapDecision {
  readonly start: readonly number[];
  /** All that wait for the end of the running ones, in the order in which they will start. */
  readonly buffered: readonly number[];
  /** The due and the formerly buffered instants that do not run. */
  readonly skipped: readonly number[];
  readonly cancelsRunning: boolean;
}

/** Runs that can wait for the end of another one. Further ones are skipped. */
const maxBuffered = 1_000;

/** Applies the policy to the instants in their order. The first one starts if nothing is in progress. */
export function decideOverlap(
  policy: OverlapPolicy,
  instants: readonly number[],
  occupancy: Occupancy,
): OverlapDecision {
  if (policy === "allow") {
    const free = Math.max(0, occupancy.maxRunning - occupancy.running);
    const [started, skipped] = [instants.slice(0, free), instants.slice(free)];
    return { start: started, buffered: occupancy.buffered, skipped, cancelsRunning: false };
  }
  const isFree = occupancy.running === 0 && occupancy.buffered.length === 0;
  const start = isFree ? instants.slice(0, 1) : [];
  const rest = instants.slice(start.length);
  if (policy === "skip") return { start, buffered: occupancy.buffered, skipped: rest, cancelsRunning: false };
  const waiting = [...occupancy.buffered, ...rest];
  if (policy === "cancel-running") {
    // The latest one replaces whatever runs or waits.
    const superseded = rest.length === 0 ? [] : waiting.slice(0, -1);
    const buffered = rest.length === 0 ? occupancy.buffered : waiting.slice(-1);
    return { start, buffered, skipped: superseded, cancelsRunning: rest.length > 0 };
  }
  const capacity = policy === "buffer-one" ? Math.max(1, occupancy.buffered.length) : maxBuffered;
  return {
    start,
    buffered: waiting.slice(0, capacity),
    skipped: waiting.slice(capacity),
    cancelsRunning: false,
  };
}
