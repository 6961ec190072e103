import type * as restate from "@restatedev/restate-sdk";
import { DuraniumError } from "../domain/errors.ts";
import { parseExecutionId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { acceptedHeaders } from "../journal/input-headers.ts";
import { movedKey } from "../journal/object-inputs.ts";
import type { RescheduleInput } from "../journal/object-inputs.ts";
import { workflowObjectName } from "../journal/object-names.ts";
import { canMove, readScheduled } from "../read-model/automation/scheduled-executions.ts";
import type { ScheduledExecution } from "../read-model/automation/scheduled-executions.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";
import { withRestateErrors } from "../restate/client/terminal-error.ts";

export type RescheduleClient = Pick<RestateClient, "query" | "cancel" | "send">;

/**
 * Changes the time of a scheduled execution. Restate cannot move a delayed invocation, and forgets one that is cancelled before
 * its start, with its idempotency key. So the execution is cancelled and sent again with the same input and key, from which
 * Restate derives the same ID. The input is journaled first, so a crash between the two loses nothing.
 *
 * An execution that a workflow sent has no key. Its replacement has another ID, and a key that names the former one.
 */
export async function reschedule(
  ctx: Pick<restate.ObjectContext, "key" | "run">,
  { startAt }: RescheduleInput,
  client: RescheduleClient,
): Promise<{ readonly executionId: ExecutionId }> {
  const executionId = parseExecutionId(ctx.key);
  const scheduled = await ctx.run("read execution", () =>
    withRestateErrors(async () => await readScheduled(client, executionId)),
  );
  const sent = await ctx.run("send", () =>
    withRestateErrors(async () => await sendAt(client, executionId, scheduled, startAt)),
  );
  if (sent !== executionId) {
    await ctx.run("cancel", () => withRestateErrors(async () => await cancelIfPresent(client, executionId)));
  }
  return { executionId: sent };
}

const maxSends = 10;

/**
 * Restate ignores a request whose key it knows. It is the execution to replace, or one that a caller sent with the same key
 * after that was cancelled: either is cancelled unless it has started, so that never two of them run.
 */
async function sendAt(
  client: RescheduleClient,
  executionId: ExecutionId,
  { workflowId, input, headers, idempotencyKey = movedKey(executionId) }: ScheduledExecution,
  startAt: number,
): Promise<ExecutionId> {
  const target = { object: workflowObjectName, key: workflowId, handler: "execute" };
  for (let count = 0; count < maxSends; count += 1) {
    const delayMs = Math.max(0, Math.ceil(startAt - Date.now()));
    const sent = await client.send(target, input, {
      idempotencyKey,
      headers: { ...headers, ...acceptedHeaders(delayMs) },
      delayMs,
    });
    if (!sent.replayed || !(await canMove(client, sent.executionId))) return sent.executionId;
    await cancelIfPresent(client, sent.executionId);
  }
  throw new DuraniumError(
    "restate-unavailable",
    `Cannot change the time of execution "${executionId}": Restate did not cancel the scheduled one`,
  );
}

async function cancelIfPresent(client: RescheduleClient, executionId: ExecutionId): Promise<void> {
  try {
    await client.cancel(executionId);
  } catch (error) {
    const isGone = error instanceof DuraniumError && /^execution-(?:not-found|ended)$/.test(error.code);
    if (!isGone) throw error;
  }
}
