import type { AlertRule } from "../../domain/monitoring/alerts.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { AlertEvaluation, EvaluationSteps } from "../../stores/alerts/alert-evaluation.ts";
import type { AlertRuleStore, StoredRule } from "../../stores/alerts/alert-rules.ts";
import type { EvaluatedEnds } from "../../stores/logs/evaluated-ends.ts";
import { countedSlots } from "../../stores/logs/execution-counts.ts";
import type { StoredEnd } from "../../stores/logs/execution-ends.ts";
import type { Steps } from "../../stores/sql/database.ts";
import { failureSummary, rateSummary } from "./alert-summary.ts";
import { openIncidentBook } from "./incident-book.ts";
import type { IncidentBook } from "./incident-book.ts";
import { maxEvaluatedEnds } from "./limits.ts";

export interface EvaluationStores {
  readonly rules: Pick<AlertRuleStore, "list">;
  readonly evaluate: AlertEvaluation;
}

/**
 * Evaluates the rules about ended executions: those that were stored since the last call, at most `maxEvaluatedEnds`. An end is
 * evaluated once, also if several processes call this, because each call is one transaction with its result.
 *
 * @returns true if ends are left to evaluate
 */
export async function evaluateEnds(stores: EvaluationStores, now: number): Promise<boolean> {
  const rules = (await stores.rules.list()).filter(({ isEnabled }) => isEnabled);
  if (rules.length === 0) return false;
  return await stores.evaluate((steps) => evaluateBatch(steps, rules, now));
}

function* evaluateBatch(steps: EvaluationSteps, rules: readonly StoredRule[], now: number): Steps<boolean> {
  const { ends, incidents } = steps;
  const progress = yield* incidents.progress();
  const since = Math.max(progress, Math.min(...rules.map(({ sinceSequence }) => sinceSequence)));
  const batch = yield* ends.after(since, maxEvaluatedEnds);
  const book = yield* openIncidentBook({ ...steps, now });
  for (const end of batch) {
    for (const rule of rules) if (isAbout(rule, end)) yield* evaluate(ends, book, rule, end);
  }
  for (const rule of rules) yield* evaluateRate(ends, book, rule, { batch, now });
  yield* book.alertWaiting(rules);
  yield* book.save();
  const last = batch.at(-1);
  if (last !== undefined) yield* incidents.setProgress(last.sequence);
  return batch.length === maxEvaluatedEnds;
}

function isAbout({ workflowId, sinceSequence }: StoredRule, end: StoredEnd): boolean {
  return (workflowId === undefined || workflowId === end.workflowId) && end.sequence > sinceSequence;
}

/** Conditions on the order in which executions of a workflow failed and completed. */
function* evaluate(ends: EvaluatedEnds, book: IncidentBook, rule: StoredRule, end: StoredEnd): Steps<void> {
  const { condition } = rule;
  const isAboutOrder =
    condition.kind === "first-failure" ||
    condition.kind === "failures-in-a-row" ||
    condition.kind === "recovered";
  if (!isAboutOrder) return;
  if (end.outcome === "completed") yield* book.close(rule, end.workflowId);
  // An execution that was cancelled or skipped says nothing about its workflow.
  if (end.outcome !== "failed") return;
  const known = book.current(rule, end.workflowId);
  const count = known === undefined ? yield* openingCount(ends, rule, end) : known.count + 1;
  if (count === undefined) return;
  yield* book.report(rule, end.workflowId, {
    count,
    lastAt: end.endedAt,
    summary: failureSummary(condition, count, end),
    executionId: end.executionId,
    ...(end.failureId === null ? {} : { failureId: end.failureId }),
  });
}

/** The number of failures that opens an incident of the rule; undefined if there were fewer. */
function* openingCount(
  ends: Pick<EvaluatedEnds, "latest">,
  { condition, sinceSequence }: StoredRule,
  { workflowId, sequence }: StoredEnd,
): Steps<number | undefined> {
  const wanted = condition.kind === "failures-in-a-row" ? condition.count : 1;
  if (wanted === 1) return 1;
  const latest = yield* ends.latest(workflowId, { after: sinceSequence, upTo: sequence, limit: wanted });
  const failed = latest.filter(({ outcome }) => outcome === "failed");
  return failed.length === wanted ? wanted : undefined;
}

/** Evaluates the failure rates of the workflows of a batch, and of those with an open incident: theirs falls with time. */
function* evaluateRate(
  ends: Pick<EvaluatedEnds, "sums">,
  book: IncidentBook,
  rule: StoredRule,
  { batch, now }: { readonly batch: readonly StoredEnd[]; readonly now: number },
): Steps<void> {
  const { condition } = rule;
  if (condition.kind !== "failure-rate") return;
  const failures = batch.filter((end) => isAbout(rule, end) && end.outcome === "failed");
  const latest = new Map(failures.map((end) => [end.workflowId, end]));
  const workflowIds = [...new Set([...latest.keys(), ...book.openWorkflows(rule)])];
  if (workflowIds.length === 0) return;
  const { minuteMs: slotMs } = countedSlots;
  // The slot in which the window starts counts as a whole.
  const from = now - condition.windowMs - ((now - condition.windowMs) % slotMs);
  const all = yield* ends.sums({ slotMs, from, to: now + 1, workflowIds });
  for (const workflowId of workflowIds) {
    const own = all.filter((count) => count.workflowId === workflowId);
    const failed = sumOf(own.filter(({ outcome }) => outcome === "failed"));
    const runs = failed + sumOf(own.filter(({ outcome }) => outcome === "completed"));
    yield* judgeRate(book, rule, workflowId, { failed, runs, end: latest.get(workflowId), now });
  }
}

function* judgeRate(
  book: IncidentBook,
  rule: AlertRule,
  workflowId: WorkflowId,
  rate: {
    readonly failed: number;
    readonly runs: number;
    readonly end: StoredEnd | undefined;
    readonly now: number;
  },
): Steps<void> {
  const { failed, runs, end, now } = rate;
  if (rule.condition.kind !== "failure-rate") return;
  const { percent, windowMs, minRuns } = rule.condition;
  const known = book.current(rule, workflowId);
  const isExceeded = runs > 0 && (failed / runs) * 100 >= percent;
  if (!isExceeded) {
    yield* book.close(rule, workflowId);
    return;
  }
  if (runs < minRuns && known === undefined) return;
  yield* book.report(rule, workflowId, {
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
