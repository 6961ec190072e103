import * as restate from "@restatedev/restate-sdk";
import { replayCheckObjectName } from "../../journal/object-names.ts";
import type { ReplayCheckInput } from "../../replay/check-state.ts";
import { runCheck } from "./run-check.ts";
import type { ReplayCheckOptions } from "./run-check.ts";

/**
 * The Virtual Object `ReplayCheck`, keyed by the id of the check. Its state is the only copy of the report, and readers query it
 * from Restate, so the report has the progress while the check runs.
 *
 * Deliberately not here: reading reports (`read-model/recordings/replay-checks.ts`).
 */
export function createReplayCheckObject(options: ReplayCheckOptions) {
  const { exclusive } = restate.handlers.object;
  return restate.object({
    name: replayCheckObjectName,
    handlers: {
      run: exclusive(policy, (ctx: restate.ObjectContext, input: ReplayCheckInput) =>
        runCheck(ctx, input, options),
      ),
      expire: exclusive(policy, async (ctx: restate.ObjectContext) => {
        ctx.clearAll();
        return null;
      }),
    },
  });
}

/** A step that keeps failing, because Restate's queries fail for minutes, ends the check. */
const policy = {
  journalRetention: { milliseconds: 0 },
  idempotencyRetention: { milliseconds: 0 },
  retryPolicy: {
    initialInterval: { milliseconds: 200 },
    exponentiationFactor: 2,
    maxInterval: { seconds: 10 },
    maxAttempts: 30,
    onMaxAttempts: "kill",
  },
} as const;
