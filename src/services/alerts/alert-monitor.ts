import { setTimeout as delay } from "node:timers/promises";
import { createWaker } from "../../base/concurrency/waker.ts";
import type { RestateSql } from "../../read-model/restate-sql.ts";
import type { AlertIncidentStore } from "../../stores/alerts/alert-incidents.ts";
import type { AlertOutbox } from "../../stores/alerts/alert-outbox.ts";
import type { AlertRuleStore } from "../../stores/alerts/alert-rules.ts";
import type { Coordination } from "../../stores/coordination/coordination.ts";
import { countedSlots } from "../../stores/logs/execution-counts.ts";
import type { ExecutionCountStore } from "../../stores/logs/execution-counts.ts";
import type { ExecutionEndStore } from "../../stores/logs/execution-ends.ts";
import { sweepEnds } from "../monitoring/end-sweep.ts";
import type { EndSweepOptions } from "../monitoring/end-sweep.ts";
import { attemptDue } from "./deliver-alerts.ts";
import type { DeliveryOptions } from "./deliver-alerts.ts";
import { evaluateEnds } from "./evaluate-ends.ts";
import type { EvaluationStores } from "./evaluate-ends.ts";
import { evaluateMissed, missedRules, readMissedRuns } from "./evaluate-missed.ts";
import { evaluateStates, stateRules, stateSweepInterval } from "./evaluate-states.ts";
import {
  alertRetentionMs,
  deliveryTimeoutMs,
  endsPollIntervalMs,
  evaluationIntervalMs,
  maxConcurrentDeliveries,
  outboxPollIntervalMs,
  stateSweepIntervalMs,
} from "./limits.ts";

export interface AlertMonitorOptions extends Omit<DeliveryOptions, "rules" | "outbox">, EndSweepOptions {
  readonly stores: EvaluationStores & {
    readonly rules: AlertRuleStore;
    readonly incidents: Pick<AlertIncidentStore, "removeBefore">;
    readonly outbox: AlertOutbox;
    readonly counts: ExecutionCountStore;
    readonly ends: ExecutionEndStore;
  };
  readonly restate: RestateSql;
  /** True if no other process can hold claims of deliveries. */
  readonly ownsOutbox: boolean;
  /** How long the counts of hours are retained. */
  readonly countRetentionMs: number;
}

/**
 * Evaluates the rules of alerts and delivers the alerts, in three loops: over stored ends, over executions that have not ended, and
 * over the outbox, until it is disposed of. Several processes may do so on the same database.
 *
 * @param notices says when ends are stored, and when rules or the outbox have changed
 */
export function startAlertMonitor(
  options: AlertMonitorOptions,
  notices: Pick<Coordination, "subscribe">,
): AsyncDisposable {
  const stopping = new AbortController();
  const interrupted = new AbortController();
  const [ends, states, outbox] = [createWaker(), createWaker(), createWaker()];
  const loops = [
    keepEvaluatingEnds(options, { ends, outbox }, stopping.signal),
    keepEvaluatingStates(options, { states, outbox }, stopping.signal),
    keepDelivering(options, outbox, { stopping: stopping.signal, interrupted: interrupted.signal }),
  ];
  const subscriptions = [
    notices.subscribe("execution-ends", () => ends.wake()),
    notices.subscribe("alerts", () => {
      for (const waker of [ends, states, outbox]) waker.wake();
    }),
  ];
  return {
    async [Symbol.asyncDispose]() {
      for (const subscription of subscriptions) subscription[Symbol.dispose]();
      stopping.abort();
      const timer = setTimeout(() => interrupted.abort(), stopGraceMs);
      await Promise.all(loops);
      clearTimeout(timer);
    },
  };
}

/** How long a stopping process waits for the deliveries in flight, so that they are not repeated. */
const stopGraceMs = Math.min(3_000, deliveryTimeoutMs);

type Waker = ReturnType<typeof createWaker>;

async function keepEvaluatingEnds(
  { stores, now, logger }: AlertMonitorOptions,
  wakers: { readonly ends: Waker; readonly outbox: Waker },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const hasMore = await evaluateEnds(stores, now());
      wakers.outbox.wake();
      // Other work of the thread comes first.
      if (hasMore) {
        await delay(1);
        continue;
      }
    } catch (error) {
      logger.error("cannot evaluate the rules of alerts about ended executions", { error });
    }
    await delay(evaluationIntervalMs, undefined, { signal, ref: false }).catch(() => undefined);
    await wakers.ends.sleep(endsPollIntervalMs, signal);
  }
}

async function keepEvaluatingStates(
  options: AlertMonitorOptions,
  wakers: { readonly states: Waker; readonly outbox: Waker },
  signal: AbortSignal,
): Promise<void> {
  const { stores, restate, now, logger } = options;
  const sweep = await createEndSweep(options);
  while (!signal.aborted) {
    const beganAt = performance.now();
    let rules: ReturnType<typeof stateRules> = [];
    try {
      const all = await stores.rules.list();
      rules = stateRules(all);
      await sweep();
      if (rules.length > 0) await evaluateStates(stores, restate, now);
      if (missedRules(all).length > 0)
        await evaluateMissed(stores.evaluate, await readMissedRuns(restate), now());
      wakers.outbox.wake();
      await removeOld(options);
    } catch (error) {
      if (!signal.aborted) logger.error("cannot evaluate the rules of alerts about executions", { error });
    }
    const pauseMs = 4 * (performance.now() - beganAt);
    await wakers.states.sleep(Math.max(stateSweepInterval(rules), pauseMs), signal);
  }
}

/**
 * The first sweep checks all executions that ended since the last stored end, because the previous process may have died before it
 * stored theirs. Later sweeps look for failures only: an execution that completes in this process has its end stored.
 */
async function createEndSweep({
  stores,
  restate,
  writer,
  now,
}: AlertMonitorOptions): Promise<() => Promise<void>> {
  const startedAt = now();
  const latest = (await stores.ends.latestEnd()) ?? startedAt;
  let from = Math.max(latest - unstoredMs, startedAt - maxCatchUpMs);
  let sweptAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (now() - sweptAt < stateSweepIntervalMs) return;
    sweptAt = now();
    // Ends of the last seconds may still be in the queue of the writer.
    const to = now() - unstoredMs;
    const isFirst = from < startedAt;
    if (to <= from && !isFirst) return;
    const until = isFirst ? startedAt : to;
    from = await sweepEnds(
      { restate, ends: stores.ends, writer },
      { from, to: until },
      { failedOnly: !isFirst },
    );
    if (from < until) sweptAt = Number.NEGATIVE_INFINITY;
  };
}

/** How long an end may be in the queue of the writer. */
const unstoredMs = 10_000;

/** How far the first sweep looks back. */
const maxCatchUpMs = 24 * 60 * 60 * 1_000;

async function keepDelivering(
  { stores, ownsOutbox, ...options }: AlertMonitorOptions,
  outbox: Waker,
  signals: { readonly stopping: AbortSignal; readonly interrupted: AbortSignal },
): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  if (ownsOutbox) await stores.outbox.releaseClaims(options.now());
  const deliveries = { ...options, ...stores };
  while (!signals.stopping.aborted) {
    try {
      const free = maxConcurrentDeliveries - inFlight.size;
      const attempts = free > 0 ? await attemptDue(deliveries, free, signals.interrupted) : [];
      for (const attempt of attempts) {
        inFlight.add(attempt);
        void attempt
          .catch((error: unknown) =>
            options.logger.error("cannot store the outcome of a delivery", { error }),
          )
          .finally(() => {
            inFlight.delete(attempt);
            outbox.wake();
          });
      }
    } catch (error) {
      options.logger.error("cannot read the outbox of alerts", { error });
    }
    await outbox.sleep(await untilNextDue(stores.outbox, options.now()), signals.stopping);
  }
  await Promise.allSettled(inFlight);
}

async function untilNextDue({ nextDueAt }: Pick<AlertOutbox, "nextDueAt">, now: number): Promise<number> {
  // The outbox is read again after a failure.
  const dueAt = await nextDueAt().catch(() => undefined);
  return Math.min(outboxPollIntervalMs, Math.max(50, (dueAt ?? Number.POSITIVE_INFINITY) - now));
}

/** Minutes are needed for as long as the longest chart and window that use them. */
async function removeOld({ stores, now, countRetentionMs }: AlertMonitorOptions): Promise<void> {
  const { minuteMs, hourMs } = countedSlots;
  await stores.counts.removeBefore(minuteMs, now() - maxMinutesMs);
  await stores.counts.removeBefore(hourMs, now() - countRetentionMs);
  await stores.outbox.removeBefore(now() - alertRetentionMs);
  await stores.incidents.removeBefore(now() - alertRetentionMs);
}

const maxMinutesMs = 26 * 60 * 60 * 1_000;
