import type { WorkflowId } from "../../domain/ids.ts";
import { listSchedules } from "../../read-model/automation/schedule-list.ts";
import type { RestateSql } from "../../read-model/restate-sql.ts";
import type { AlertEvaluation } from "../../stores/alerts/alert-evaluation.ts";
import type { AlertIncidentSteps, StoredIncident } from "../../stores/alerts/alert-incidents.ts";
import type { StoredRule } from "../../stores/alerts/alert-rules.ts";
import type { Steps } from "../../stores/sql/database.ts";
import { openIncidentBook } from "./incident-book.ts";
import type { IncidentBook } from "./incident-book.ts";

/** The rules about runs that schedules missed. */
export function missedRules(rules: readonly StoredRule[]): readonly StoredRule[] {
  return rules.filter(({ isEnabled, condition }) => isEnabled && condition.kind === "schedule-missed");
}

/** The number of runs that the schedules of each workflow have missed so far. */
export async function readMissedRuns(restate: RestateSql): Promise<ReadonlyMap<WorkflowId, number>> {
  const missed = new Map<WorkflowId, number>();
  for (const { definition, progress } of await listSchedules(restate, {})) {
    const workflowId = definition.workflowId as WorkflowId;
    missed.set(workflowId, (missed.get(workflowId) ?? 0) + progress.missed);
  }
  return missed;
}

/** How long an incident stays open after the last missed run. */
const openMs = 10 * 60_000;

/**
 * Evaluates the rules about missed runs: an incident opens when the number of a workflow grows. The latest incident has the number up to
 * which it was evaluated. The first one of a rule and a workflow is closed as soon as it opens, and only holds that number.
 */
export async function evaluateMissed(
  atomically: AlertEvaluation,
  missed: ReadonlyMap<WorkflowId, number>,
  now: number,
): Promise<void> {
  await atomically(function* (steps): Steps<void> {
    const { incidents } = steps;
    const rules = missedRules(yield* steps.rules.list());
    const book = yield* openIncidentBook({ ...steps, now });
    for (const rule of rules) {
      for (const [workflowId, total] of missed) {
        if (rule.workflowId !== undefined && rule.workflowId !== workflowId) continue;
        const latest = yield* incidents.latest(rule.id, workflowId);
        yield* evaluate({ incidents, book, now }, rule, { workflowId, total, latest });
      }
    }
    yield* book.alertWaiting(rules);
    yield* book.save();
  });
}

function* evaluate(
  {
    incidents,
    book,
    now,
  }: { readonly incidents: AlertIncidentSteps; readonly book: IncidentBook; readonly now: number },
  rule: StoredRule,
  {
    workflowId,
    total,
    latest,
  }: {
    readonly workflowId: WorkflowId;
    readonly total: number;
    readonly latest: StoredIncident | undefined;
  },
): Steps<void> {
  const isOpen = latest !== undefined && latest.closedAt === undefined;
  // A deleted schedule takes its number with it.
  if (latest === undefined || total < latest.count) {
    if (isOpen) yield* book.close(rule, workflowId);
    const summary = `${total} runs missed before`;
    const start = yield* incidents.add({
      ruleId: rule.id,
      workflowId,
      openedAt: now,
      count: total,
      lastAt: now,
      summary,
    });
    yield* incidents.close(start.id, now);
  } else if (total > latest.count) {
    const summary = `its schedules missed ${total - latest.count} runs, ${total} in all`;
    yield* book.report(rule, workflowId, { count: total, lastAt: now, summary });
  } else if (isOpen && latest.alertedAt !== undefined && now - latest.lastAt >= openMs) {
    yield* book.close(rule, workflowId);
  }
}
