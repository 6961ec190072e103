import type { Step } from "../domain/execution.ts";
import type { ExecutionId } from "../domain/ids.ts";
import type { RestateClient } from "./restate-client.ts";
import type { Settled, Timeline } from "./timeline.ts";

/**
 * The step with which an execution failed: the last one whose result is a failure, if the workflow went no further.
 * What arrived after it, of steps that were under way already, changes nothing; the result of a step that was begun
 * after it says that the workflow went on, and failed in its own code.
 */
export async function findFailedStep(
  restate: Pick<RestateClient, "query">,
  executionId: ExecutionId,
  { settled }: Pick<Timeline, "settled">,
): Promise<Settled | undefined> {
  let latestBegun = 0;
  for (const candidate of settled.toReversed()) {
    if (latestBegun > candidate.arrivedAt) return undefined;
    if (await isFailure(restate, executionId, candidate)) return candidate;
    latestBegun = Math.max(latestBegun, candidate.step.index);
  }
  return undefined;
}

/** An answer with the status of an error is one too: workflows throw when they see it. */
async function isFailure(
  restate: Pick<RestateClient, "query">,
  executionId: ExecutionId,
  { step, arrivedAt }: Settled,
): Promise<boolean> {
  if (step.outcome === "failed") return true;
  if (step.operation !== "fetch") return false;
  const status = statusIn(step.result) ?? (await readStatus(restate, executionId, arrivedAt));
  return status !== undefined && status >= 400;
}

function statusIn(result: Step["result"]): number | undefined {
  const status = fieldOf(fieldOf(result, "value"), "status");
  return typeof status === "number" ? status : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Of an answer that is too large for a timeline: its status stands before its body. */
async function readStatus(
  restate: Pick<RestateClient, "query">,
  executionId: ExecutionId,
  index: number,
): Promise<number | undefined> {
  const [row] = await restate.query(
    `SELECT substr(encode(raw, 'hex'), 1, 400) AS head FROM sys_journal
     WHERE id = '${executionId}' AND index = ${index}`,
  );
  const head = Buffer.from(String(row?.["head"] ?? ""), "hex").toString("latin1");
  const [, status] = /"value":\{"status":(\d{3}),/.exec(head) ?? [];
  return status === undefined ? undefined : Number(status);
}
