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
  /** The number of this request among those of the execution, from 1. */
  readonly part: number;
  readonly parts: number;
  /** Whether the target refuses the last part until a retry is requested. */
  readonly fails: boolean;
}

/** One request, in milliseconds since the Unix epoch. */
export interface Work {
  readonly report: Report;
  readonly receivedAt: number;
  endedAt?: number;
}

/** The last request for a part of an execution. */
interface LastRequest {
  /** The number of kills before it. Undefined if something was down then. */
  readonly epoch: number | undefined;
  readonly isRefused: boolean;
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
  /** All requests, repeated ones as well, in the order of their arrival. */
  readonly works: readonly Work[];
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
  /** Called before a retry of what the target refused: from here on it accepts this name. */
  mend(name: string): void;
}

export async function startRecorder(
  limitsOf: (report: Report) => ReadonlyMap<string, number>,
): Promise<Recorder> {
  const seen = new Map<string, Set<string>>();
  const reports = new Map<string, Report>();
  const works: Work[] = [];
  const last = new Map<string, LastRequest>();
  const accepted = new Set<string>();
  const above: string[] = [];
  const repeated: string[] = [];
  const most = new Map<string, number>();
  const open = new Map<string, string[]>();
  let epoch: number | undefined = 0;
  let kills = 0;
  let duplicatedInFlight = 0;

  function record(report: Report, isRefused: boolean): void {
    const { execution, names, part } = report;
    const first = reports.get(execution);
    if (first === undefined) reports.set(execution, report);
    else if (JSON.stringify({ ...first, part }) !== JSON.stringify(report))
      repeated.push(`${execution} reported ${JSON.stringify(first)}, then ${JSON.stringify(report)}`);
    const before = last.get(`${execution} ${part}`);
    if (before !== undefined && before.epoch === epoch && epoch !== undefined && !before.isRefused)
      repeated.push(`${execution} repeated part ${part} of ${names.join(", ")} without a kill`);
    else if (before !== undefined && !before.isRefused) duplicatedInFlight += 1;
    last.set(`${execution} ${part}`, { epoch, isRefused });
    for (const name of names) seen.set(name, (seen.get(name) ?? new Set()).add(execution));
  }

  /** @returns a function that ends it */
  function begin(report: Report): () => void {
    const limits = limitsOf(report);
    const work: Work = { report, receivedAt: Date.now() };
    works.push(work);
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
      work.endedAt = Date.now();
      for (const name of limits.keys())
        open.get(name)?.splice(open.get(name)?.indexOf(report.execution) ?? 0, 1);
    };
  }

  const target: Target = await startTarget({
    "POST /work": async ({ body }, response) => {
      const report = JSON.parse(body) as Report;
      const { names, fails, part, parts, workMs } = report;
      const isRefused = fails && part === parts && !names.every((name) => accepted.has(name));
      record(report, isRefused);
      const end = begin(report);
      response.once("close", end);
      await delay(workMs);
      end();
      if (isRefused) response.statusCode = 422;
      return null;
    },
  });
  return {
    url: target.url,
    seen,
    reports,
    works,
    above,
    repeated,
    most,
    get duplicatedInFlight() {
      return duplicatedInFlight;
    },
    disturbed() {
      kills += 1;
      if (epoch !== undefined) epoch = kills;
    },
    setDown: (isDown) => void (epoch = isDown ? undefined : kills),
    mend: (name) => void accepted.add(name),
    [Symbol.asyncDispose]: async () => await target[Symbol.asyncDispose](),
  };
}
