import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { AlertRule } from "../../domain/monitoring/alerts.ts";
import type { ShadowOutcome } from "../../replay/shadow-replay.ts";
import type { Steps } from "../../stores/sql/database.ts";
import type { EvaluationStores } from "./evaluate-ends.ts";
import { openIncidentBook } from "./incident-book.ts";

/** How long an incident stays open after the last replay that differed. */
const openMs = 24 * 60 * 60_000;

/** Evaluates the rules about replays of ended executions that differ. */
export async function reportShadow(
  stores: EvaluationStores,
  {
    executionId,
    workflowId,
    outcome,
  }: { readonly executionId: ExecutionId; readonly workflowId: WorkflowId; readonly outcome: ShadowOutcome },
  now: number,
): Promise<void> {
  const isAbout = ({ isEnabled, condition, workflowId: only }: AlertRule) =>
    isEnabled && condition.kind === "not-deterministic" && (only === undefined || only === workflowId);
  const rules = (await stores.rules.list()).filter(isAbout);
  if (rules.length === 0) return;
  await stores.evaluate(function* (steps): Steps<void> {
    const book = yield* openIncidentBook({ ...steps, now });
    for (const rule of rules) {
      const known = book.current(rule, workflowId);
      if (outcome === "different") {
        const count = (known?.count ?? 0) + 1;
        const replays = count === 1 ? "1 execution differs" : `${count} executions differ`;
        const summary = `The platform is not deterministic: ${replays} when it is replayed on its own version`;
        yield* book.report(rule, workflowId, { count, lastAt: now, summary, executionId });
      } else if (known !== undefined && now - known.lastAt >= openMs) yield* book.close(rule, workflowId);
    }
    yield* book.alertWaiting(rules);
    yield* book.save();
  });
}
