import * as restate from "@restatedev/restate-sdk";
import { parseExecutionId } from "../domain/ids.ts";
import { cancellationLimitMs } from "../domain/limits.ts";
import type { RestateClient } from "./restate-client.ts";

/**
 * The Virtual Object `Execution`, keyed by execution id: what is done to an execution from outside and must
 * be carried through, whatever dies meanwhile.
 */
export const executionObjectName = "Execution";

export interface ExecutionObjectOptions {
  readonly restate: Pick<RestateClient, "kill">;
}

export function createExecutionObject(options: ExecutionObjectOptions) {
  const { shared } = restate.handlers.object;
  return restate.object({
    name: executionObjectName,
    handlers: {
      ensureEnded: shared(sharedPolicy, (ctx: restate.ObjectSharedContext) => ensureEnded(ctx, options)),
    },
  });
}

const sharedPolicy = { journalRetention: { days: 1 } } as const;

/**
 * Ends a cancelled execution that has not ended by itself in time. A cancellation is seen in a race, and
 * an execution that loops, is paused or backs off does not come to one.
 */
async function ensureEnded(
  ctx: restate.ObjectSharedContext,
  { restate: client }: ExecutionObjectOptions,
): Promise<null> {
  await ctx.sleep(cancellationLimitMs, "time to end by itself");
  await ctx.run("end", async () => await client.kill(parseExecutionId(ctx.key)));
  return null;
}
