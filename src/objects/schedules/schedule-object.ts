import * as restate from "@restatedev/restate-sdk";
import { scheduleObjectName } from "../../journal/object-names.ts";
import type {
  BackfillInput,
  DeleteScheduleInput,
  EndedInput,
  PauseScheduleInput,
  PutScheduleInput,
  TickInput,
} from "../../domain/automation/schedule-inputs.ts";
import { withRestateErrors } from "../../restate/client/terminal-error.ts";
import type { Context, ScheduleObjectOptions, SharedContext } from "./schedule-context.ts";
import { backfill, ended, pause, put, remove, resume, tick, trigger, watch } from "./schedule-handlers.ts";

/**
 * The Virtual Object `Schedule`, keyed by schedule id. Its state in Restate is the only copy of a schedule.
 *
 * Invariants:
 *
 * 1. Each instant is dealt with once: `progress.last` never decreases, and covers an instant only together with the
 *    outcome of it.
 * 2. An armed schedule has one pending `tick` of its generation. Ticks of earlier generations do nothing.
 * 3. The idempotency key of a run is that of the schedule and its instant, so an attempt that is repeated after a crash, or a
 *    tick that is sent again, starts no second execution.
 *
 * Deliberately not here: finding schedules whose pending tick was lost (`schedule-sweep.ts`), and lists
 * (`read-model/automation/schedules.ts`).
 */
export function createScheduleObject(options: ScheduleObjectOptions) {
  const { exclusive, shared } = restate.handlers.object;
  const handler = <Input, Output>(act: (ctx: Context, input: Input) => Promise<Output>) =>
    exclusive(policy, (ctx: Context, input: Input) => withRestateErrors(() => act(ctx, input)));
  return restate.object({
    name: scheduleObjectName,
    handlers: {
      put: handler((ctx, input: PutScheduleInput) => put(ctx, input, options)),
      delete: handler((ctx, input: DeleteScheduleInput) => remove(ctx, input)),
      pause: handler((ctx, input: PauseScheduleInput) => pause(ctx, input, options)),
      resume: handler((ctx, input: PauseScheduleInput) => resume(ctx, input, options)),
      trigger: handler((ctx) => trigger(ctx, options)),
      backfill: handler((ctx, input: BackfillInput) => backfill(ctx, input, options)),
      tick: handler((ctx, input: TickInput) => tick(ctx, input, options)),
      /** As `tick`, for a schedule whose tick of this generation is gone. */
      arm: handler((ctx, input: TickInput) => tick(ctx, input, options)),
      ended: handler((ctx, input: EndedInput) => ended(ctx, input, options)),
      watch: shared(policy, (ctx: SharedContext, input: { readonly executionId: string }) =>
        watch(ctx, input),
      ),
    },
  });
}

/**
 * The handlers are exclusive, so one that keeps failing would block the schedule. It is killed instead, and the sweep arms
 * the schedule again.
 */
const policy = {
  journalRetention: { milliseconds: 0 },
  retryPolicy: {
    initialInterval: { milliseconds: 200 },
    exponentiationFactor: 2,
    maxInterval: { seconds: 10 },
    maxAttempts: 12,
    onMaxAttempts: "kill",
  },
} as const;
