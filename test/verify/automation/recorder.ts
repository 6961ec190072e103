import { setTimeout as delay } from "node:timers/promises";
import { startTarget } from "../../support/target.ts";
import type { Target } from "../../support/target.ts";

/** What a workflow sends to the target while it runs. */
export interface Report {
  readonly execution: string;
  /** What runs: an instant of a schedule, or the names of queued executions; several in a batch. */
  readonly names: readonly string[];
  /** The workflow's clock when its code starts, which is the time at which its last slot was granted. */
  readonly startedAt: number;
  readonly workflow: string;
  readonly key: string;
  readonly workMs: number;
}

/** The executions that reported a name, and when they were granted their slots. */
export type Seen = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The target of the campaign's workflows. It counts what it works on at the same time, by the names that `limitsOf`
 * returns, and notices what must never happen:
 *
 * 1. More executions than the limit have an open request at the same time.
 * 2. An execution repeats its request though nothing was killed since, or still down at that time: parts that were not killed
 *    continue for a moment, and what they do then cannot be stored.
 * 3. An execution repeats its request with another clock or other names.
 */
export interface Recorder extends AsyncDisposable {
  readonly url: string;
  readonly seen: Seen;
  /** The first report of each execution. */
  readonly reports: ReadonlyMap<string, Report>;
  readonly above: readonly string[];
  readonly repeated: readonly string[];
  /** The most executions at the same time, by the name of the limit. */
  readonly most: ReadonlyMap<string, number>;
  /** Requests that an execution repeated because a kill had cut it off. */
  readonly duplicatedInFlight: number;
  /** Called when something is or was just killed. */
  disturbed(): void;
  /** Called before something is killed, and with `false` when all of it is running again. */
  setDown(isDown: boolean): void;
}

export async function startRecorder(
  limitsOf: (report: Report) => ReadonlyMap<string, number>,
): Promise<Recorder> {
  const seen = new Map<string, Set<string>>();
  const reports = new Map<string, Report>();
  /** What was killed before the last request of an execution. Absent if something was down then. */
  const epochs = new Map<string, number>();
  const above: string[] = [];
  const repeated: string[] = [];
  const most = new Map<string, number>();
  const open = new Map<string, string[]>();
  let epoch = 0;
  let isDown = false;
  let duplicatedInFlight = 0;

  function record(report: Report): void {
    const { execution, names } = report;
    const before = reports.get(execution);
    if (before === undefined) reports.set(execution, report);
    else if (epochs.get(execution) === epoch)
      repeated.push(`${execution} repeated ${names.join(", ")} without a kill`);
    else duplicatedInFlight += 1;
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(report))
      repeated.push(`${execution} reported ${JSON.stringify(before)}, then ${JSON.stringify(report)}`);
    if (isDown) epochs.delete(execution);
    else epochs.set(execution, epoch);
    for (const name of names) seen.set(name, (seen.get(name) ?? new Set()).add(execution));
  }

  /** @returns a function that ends it */
  function begin(report: Report): () => void {
    const limits = limitsOf(report);
    for (const [name, limit] of limits) {
      const working = [...(open.get(name) ?? []), report.execution];
      open.set(name, working);
      const count = new Set(working).size;
      most.set(name, Math.max(count, most.get(name) ?? 0));
      if (count > limit) above.push(`${count} of ${limit} at the same time: ${name} (${working.join(", ")})`);
    }
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      for (const name of limits.keys())
        open.get(name)?.splice(open.get(name)?.indexOf(report.execution) ?? 0, 1);
    };
  }

  const target: Target = await startTarget({
    "POST /work": async ({ body }, response) => {
      const report = JSON.parse(body) as Report;
      record(report);
      const end = begin(report);
      response.once("close", end);
      await delay(report.workMs);
      end();
      return null;
    },
  });
  return {
    url: target.url,
    seen,
    reports,
    above,
    repeated,
    most,
    get duplicatedInFlight() {
      return duplicatedInFlight;
    },
    disturbed: () => void (epoch += 1),
    setDown: (down) => void (isDown = down),
    [Symbol.asyncDispose]: async () => await target[Symbol.asyncDispose](),
  };
}
