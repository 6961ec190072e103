import type { AlertRule } from "../../domain/monitoring/alerts.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { AlertIncidentStore } from "../../stores/alerts/alert-incidents.ts";
import type { AlertOutbox } from "../../stores/alerts/alert-outbox.ts";
import type { AlertRuleStore, StoredRule } from "../../stores/alerts/alert-rules.ts";
import { countedSlots } from "../../stores/logs/execution-counts.ts";
import type { StoredEnd } from "../../stores/logs/execution-ends.ts";
import type { SyncEndQueries } from "../../stores/logs/sync-end-queries.ts";
import { failureSummary, rateSummary } from "./alert-summary.ts";
import { openIncidentBook } from "./incident-book.ts";
import type { IncidentBook } from "./incident-book.ts";
import { maxEvaluatedEnds } from "./limits.ts";

export interface EvaluationStores {
  readonly rules: Pick<AlertRuleStore, "list">;
  readonly incidents: AlertIncidentStore;
  readonly outbox: AlertOutbox;
  readonly endsInTransaction: SyncEndQueries;
}

/**
 * Evaluates the rules about ended executions: those that were stored since the last call, at most `maxEvaluatedEnds`. An end is
 * evaluated once, also if several processes call this, because each call is one transaction with its result.
 *
 * @returns true if ends are left to evaluate
 */
export function evaluateEnds(stores: EvaluationStores, now: number): boolean {
  const { incidents, endsInTransaction } = stores;
  const rules = stores.rules.list().filter(({ isEnabled }) => isEnabled);
  if (rules.length === 0) return false;
  return incidents.atomically(() => {
    const progress = incidents.progress();
    const since = Math.max(progress, Math.min(...rules.map(({ sinceSequence }) => sinceSequence)));
    const batch = endsInTransaction.after(since, maxEvaluatedEnds);
    const book = openIncidentBook({ ...stores, now });
    for (const end of batch) {
      for (const rule of rules) if (isAbout(rule, end)) evaluate(stores, book, rule, end);
    }
    for (const rule of rules) evaluateRate(stores, book, rule, { batch, now });
    book.alertWaiting(rules);
    book.save();
    const last = batch.at(-1);
    if (last !== undefined) incidents.setProgress(last.sequence);
    return batch.length === maxEvaluatedEnds;
  });
}

function isAbout({ workflowId, sinceSequence }: StoredRule, end: StoredEnd): boolean {
  return (workflowId === undefined || workflowId === end.workflowId) && end.sequence > sinceSequence;
}

/** Conditions on the order in which executions of a workflow failed and completed. */
function evaluate(stores: EvaluationStores, book: IncidentBook, rule: StoredRule, end: StoredEnd): void {
  const { condition } = rule;
  const isAboutOrder =
    condition.kind === "first-failure" ||
    condition.kind === "failures-in-a-row" ||
    condition.kind === "recovered";
  if (!isAboutOrder) return;
  if (end.outcome === "completed") return book.close(rule, end.workflowId);
  // An execution that was cancelled or skipped says nothing about its workflow.
  if (end.outcome !== "failed") return;
  const known = book.current(rule, end.workflowId);
  const count = known === undefined ? openingCount(stores, rule, end) : known.count + 1;
  if (count === undefined) return;
  book.report(rule, end.workflowId, {
    count,
    lastAt: end.endedAt,
    summary: failureSummary(condition, count, end),
    executionId: end.executionId,
    ...(end.failureId === null ? {} : { failureId: end.failureId }),
  });
}

/** The number of failures that opens an incident of the rule; undefined if there were fewer. */
function openingCount(
  { endsInTransaction }: Pick<EvaluationStores, "endsInTransaction">,
  { condition, sinceSequence }: StoredRule,
  { workflowId, sequence }: StoredEnd,
): number | undefined {
  const wanted = condition.kind === "failures-in-a-row" ? condition.count : 1;
  if (wanted === 1) return 1;
  const latest = endsInTransaction.latest(workflowId, {
    after: sinceSequence,
    upTo: sequence,
    limit: wanted,
  });
  const failed = latest.filter(({ outcome }) => outcome === "failed");
  return failed.length === wanted ? wanted : undefined;
}

/** Evaluates the failure rates of the workflows of a batch, and of those with an open incident: theirs falls with time. */
function evaluateRate(
  { endsInTransaction }: Pick<EvaluationStores, "endsInTransaction">,
  book: IncidentBook,
  rule: StoredRule,
  { batch, now }: { readonly batch: readonly StoredEnd[]; readonly now: number },
): void {
  const { condition } = rule;
  if (condition.kind !== "failure-rate") return;
  const failures = batch.filter((end) => isAbout(rule, end) && end.outcome === "failed");
  const latest = new Map(failures.map((end) => [end.workflowId, end]));
  const workflowIds = [...new Set([...latest.keys(), ...book.openWorkflows(rule)])];
  if (workflowIds.length === 0) return;
  const { minuteMs: slotMs } = countedSlots;
  // The slot in which the window starts counts as a whole.
  const from = now - condition.windowMs - ((now - condition.windowMs) % slotMs);
  const all = endsInTransaction.sums({ slotMs, from, to: now + 1, workflowIds });
  for (const workflowId of workflowIds) {
    const own = all.filter((count) => count.workflowId === workflowId);
    const failed = sumOf(own.filter(({ outcome }) => outcome === "failed"));
    const runs = failed + sumOf(own.filter(({ outcome }) => outcome === "completed"));
    judgeRate(book, rule, workflowId, { failed, runs, end: latest.get(workflowId), now });
  }
}

function judgeRate(
  book: IncidentBook,
  rule: AlertRule,
  workflowId: WorkflowId,
  rate: {
    readonly failed: number;
    readonly runs: number;
    readonly end: StoredEnd | undefined;
    readonly now: number;
  },
): void {
  const { failed, runs, end, now } = rate;
  if (rule.condition.kind !== "failure-rate") return;
  const { percent, windowMs, minRuns } = rule.condition;
  const known = book.current(rule, workflowId);
  const isExceeded = runs > 0 && (failed / runs) * 100 >= percent;
  if (!isExceeded) return book.close(rule, workflowId);
  if (runs < minRuns && known === undefined) return;
  book.report(rule, workflowId, {
    count: failed,
    lastAt: end?.endedAt ?? known?.lastAt ?? now,
    summary: rateSummary(failed, runs, windowMs),
    ...(end === undefined ? referencesOf(known) : { executionId: end.executionId }),
    ...(end === undefined || end.failureId === null ? {} : { failureId: end.failureId }),
  });
}

function referencesOf(known: ReturnType<IncidentBook["current"]>) {
  return {
    ...(known?.executionId === undefined ? {} : { executionId: known.executionId }),
    ...(known?.failureId === undefined ? {} : { failureId: known.failureId }),
  };
}

function sumOf(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}
