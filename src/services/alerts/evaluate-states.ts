import type { WorkflowId } from "../../domain/ids.ts";
import { listStuck } from "../../read-model/monitoring/stuck-executions.ts";
import type { StuckCondition, StuckExecutions } from "../../read-model/monitoring/stuck-executions.ts";
import type { RestateSql } from "../../read-model/restate-sql.ts";
import type { AlertEvaluation } from "../../stores/alerts/alert-evaluation.ts";
import type { StoredRule } from "../../stores/alerts/alert-rules.ts";
import type { Steps } from "../../stores/sql/database.ts";
import { stateSummary } from "./alert-summary.ts";
import type { EvaluationStores } from "./evaluate-ends.ts";
import { openIncidentBook } from "./incident-book.ts";
import { minStateSweepIntervalMs, stateSweepIntervalMs } from "./limits.ts";

/** Conditions on executions that have not ended, which Restate is asked about. */
type StateRule = StoredRule & { readonly condition: StuckCondition };

/** The rules about executions that run, wait or are paused. */
export function stateRules(rules: readonly StoredRule[]): readonly StateRule[] {
  return rules.filter((rule): rule is StateRule => rule.isEnabled && isStateCondition(rule));
}

function isStateCondition({ condition: { kind } }: StoredRule): boolean {
  return kind === "running-longer" || kind === "waiting-longer" || kind === "paused";
}

/** How often these rules are evaluated: an alert is late by a quarter of the time that its rule allows, or by 30 s. */
export function stateSweepInterval(rules: readonly StateRule[]): number {
  const allowed = rules.map(({ condition }) =>
    condition.kind === "paused" ? Number.POSITIVE_INFINITY : condition.thanMs,
  );
  return Math.min(stateSweepIntervalMs, Math.max(minStateSweepIntervalMs, Math.min(...allowed) / 4));
}

/**
 * Evaluates the rules about executions that have not ended.
 *
 * @throws {DuraniumError} `restate-unavailable`
 */
export async function evaluateStates(
  stores: EvaluationStores,
  restate: RestateSql,
  now: () => number,
): Promise<void> {
  for (const { id } of stateRules(await stores.rules.list())) {
    const rule = stateRules(await stores.rules.list()).find((each) => each.id === id);
    if (rule === undefined) continue;
    const { condition, workflowId } = rule;
    const stuck = await listStuck(restate, condition, { workflowId, now: now() });
    await record(stores.evaluate, id, { condition, stuck, now: now() });
  }
}

async function record(
  atomically: AlertEvaluation,
  ruleId: string,
  {
    condition,
    stuck,
    now,
  }: {
    readonly condition: StuckCondition;
    readonly stuck: ReadonlyMap<WorkflowId, StuckExecutions>;
    readonly now: number;
  },
): Promise<void> {
  await atomically(function* (steps): Steps<void> {
    // The rule may have changed while Restate was asked.
    const rule = stateRules(yield* steps.rules.list()).find(({ id }) => id === ruleId);
    if (rule === undefined || JSON.stringify(rule.condition) !== JSON.stringify(condition)) return;
    const book = yield* openIncidentBook({ ...steps, now });
    for (const workflowId of book.openWorkflows(rule)) {
      if (!stuck.has(workflowId)) yield* book.close(rule, workflowId);
    }
    for (const [workflowId, { count, executionId }] of stuck) {
      const summary = stateSummary(condition, count);
      yield* book.report(rule, workflowId, { count, lastAt: now, summary, executionId });
    }
    yield* book.alertWaiting([rule]);
    yield* book.save();
  });
}
