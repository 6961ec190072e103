import type { QueueCase } from "../queue-workload.ts";
import type { Report, Work } from "../recorder.ts";

/** Compares the times at which executions started with the model. Times are in milliseconds since the Unix epoch. */

/** In any time, no more than `burst` executions start, and one for each interval of it. */
export function judgeRate({ workflow, flow }: QueueCase, reports: Iterable<Report>): readonly string[] {
  const { rateLimit } = flow;
  if (rateLimit === undefined) return [];
  const starts = startsOf(workflow, reports);
  return tooEarly(starts, { limit: rateLimit.limit, burst: rateLimit.burst ?? 1, toleranceMs: 1 }).map(
    (early) => `${workflow}: ${early}`,
  );
}

/**
 * The same for the requests to a host, repeated ones as well. A grant is used for a second, and a request may be on its way
 * for as long on a busy machine, so this much may be made up for.
 */
export function judgeHostRate(queues: readonly QueueCase[], works: readonly Work[]): readonly string[] {
  const limited = queues.filter(({ hostRate }) => hostRate !== undefined);
  const { limit, burst = 1 } = limited[0]?.hostRate ?? {};
  if (limit === undefined) return [];
  const workflows = new Set(limited.map(({ workflow }) => workflow));
  const arrivals = works
    .filter(({ report }) => workflows.has(report.workflow))
    .map(({ receivedAt }) => receivedAt);
  return tooEarly(arrivals, { limit, burst, toleranceMs: hostToleranceMs }).map((early) => `host: ${early}`);
}

const hostToleranceMs = 2_000;

/** @param limit for each second */
function tooEarly(
  times: readonly number[],
  {
    limit,
    burst,
    toleranceMs,
  }: { readonly limit: number; readonly burst: number; readonly toleranceMs: number },
): readonly string[] {
  const intervalMs = 1_000 / limit;
  // The first of the starts that limits the later ones most.
  let latest = -Infinity;
  return times
    .toSorted((one, other) => one - other)
    .flatMap((at, index) => {
      const slackMs = at - index * intervalMs;
      latest = Math.max(latest, slackMs);
      const tooEarlyMs = latest - slackMs - (burst - 1) * intervalMs;
      return tooEarlyMs > toleranceMs ? [`start ${index} is ${Math.round(tooEarlyMs)} ms too early`] : [];
    });
}

function startsOf(workflow: string, reports: Iterable<Report>): readonly number[] {
  return [...reports].filter((report) => report.workflow === workflow).map(({ startedAt }) => startedAt);
}

/** A debounce starts an execution `period` after it arrived, so two with one key start no closer to each other. */
export function judgeDebounce(
  { workflow, flow }: QueueCase,
  reports: Iterable<Report>,
  periodMs: number,
): readonly string[] {
  if (flow.debounce === undefined) return [];
  const own = [...reports].filter((report) => report.workflow === workflow);
  return [...Map.groupBy(own, ({ key }) => key)].flatMap(([key, ofKey]) => {
    const starts = ofKey.map(({ startedAt }) => startedAt).toSorted((one, other) => one - other);
    return starts
      .slice(1)
      .map((at, index) => at - (starts[index] ?? 0))
      .filter((gapMs) => gapMs < periodMs - 1)
      .map((gapMs) => `${workflow} with key ${key}: two starts within ${gapMs} ms`);
  });
}

/**
 * Executions that sleep release their slots: at some time, more of them are between their first and their last part than
 * the limit has slots. The limit itself is measured while they work.
 */
export function judgeActive({ workflow, flow }: QueueCase, works: readonly Work[]): readonly string[] {
  const { total, holds } = flow.concurrency ?? {};
  if (holds !== "active" || total === undefined) return [];
  const own = works.filter(({ report }) => report.workflow === workflow);
  const changes = [...Map.groupBy(own, ({ report }) => report.execution).values()]
    .flatMap((parts) => {
      const last = parts.findLast(({ report }) => report.part === report.parts)?.endedAt;
      return last === undefined
        ? []
        : [
            { at: parts[0]?.receivedAt ?? 0, by: 1 },
            { at: last, by: -1 },
          ];
    })
    .toSorted((one, other) => one.at - other.at || one.by - other.by);
  let begun = 0;
  let most = 0;
  for (const { by } of changes) {
    begun += by;
    most = Math.max(most, begun);
  }
  const isEnough = most > total || changes.length <= 2 * total;
  return isEnough ? [] : [`${workflow}: never more than ${most} had begun, as many as have slots`];
}

/** A request of an execution for its first slot, when Restate stored it. */
export interface SlotRequested {
  readonly execution: string;
  readonly at: number;
}

/** From a kill until all was running again. */
export interface Disturbance {
  readonly from: number;
  readonly until: number;
}

export interface OrderVerdict {
  readonly wrong: readonly string[];
  /** The number of pairs whose order was certain. */
  readonly pairs: number;
}

/**
 * Executions with the same keys and priority start in the order in which their requests arrive in the queue. When that is,
 * cannot be seen, but when Restate stored them. Restate delivers requests of different partitions independently, so the
 * order of two is certain only if they are this far apart, and nothing was killed or down in between and just after.
 */
export const certainOrderMs = 1_000;

export function judgeOrder(
  { workflow, flow }: QueueCase,
  reports: ReadonlyMap<string, Report>,
  {
    requested,
    disturbances,
  }: { readonly requested: readonly SlotRequested[]; readonly disturbances: readonly Disturbance[] },
): OrderVerdict {
  if (!isInOrder(flow)) return { wrong: [], pairs: 0 };
  const own = requested
    .flatMap(({ execution, at }) => {
      const report = reports.get(execution);
      return report?.workflow === workflow ? [{ ...report, at }] : [];
    })
    .toSorted((one, other) => one.at - other.at);
  const lanes = Map.groupBy(own, ({ key }) => (flow.concurrency?.key === undefined ? "" : key));
  const wrong: string[] = [];
  let pairs = 0;
  for (const lane of lanes.values()) {
    for (const [index, later] of lane.entries()) {
      for (const earlier of lane.slice(0, index)) {
        const isCertain =
          later.at - earlier.at > certainOrderMs && !isDisturbed(earlier.at, later.at, disturbances);
        if (isCertain) pairs += 1;
        if (isCertain && earlier.startedAt > later.startedAt)
          wrong.push(`${later.names[0]} started before ${earlier.names[0]}, which had arrived earlier`);
      }
    }
  }
  return { wrong, pairs };
}

/** Only one queue, and nothing else that reorders. */
function isInOrder({ batch, debounce, singleton, limits, priority, ...slots }: QueueCase["flow"]): boolean {
  const others = [batch, debounce, singleton, limits, priority];
  return Object.keys(slots).length > 0 && others.every((each) => each === undefined);
}

function isDisturbed(from: number, to: number, disturbances: readonly Disturbance[]): boolean {
  return disturbances.some((each) => each.from <= to + certainOrderMs && each.until >= from);
}
