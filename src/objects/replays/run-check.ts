import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import { toDuraniumError } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import type { CompiledWorkflow } from "../../domain/workflow.ts";
import { replayCheckObjectName } from "../../journal/object-names.ts";
import { fromRestateFailure } from "../../journal/restate-failure.ts";
import { itemsKey, latestIn, progressKey, summaryOf } from "../../replay/check-state.ts";
import type { ReplayCheckInput, ReplayCheckProgress } from "../../replay/check-state.ts";
import type { ReplayItem } from "../../replay/replay-item.ts";
import { withRestateErrors } from "../../restate/client/terminal-error.ts";
import { checkRetentionMs, recordingsPerBatch } from "./limits.ts";

/** What a check needs. Each of these is one journaled step, so a check that is interrupted continues after the last one. */
export interface ReplayCheckOptions {
  readonly now: () => number;
  /**
   * Compiles the candidate, or looks up its version.
   *
   * @throws {DuraniumError} as a deploy
   */
  readonly candidateOf: (input: ReplayCheckInput) => Promise<CompiledWorkflow>;
  /** @throws {DuraniumError} `restate-unavailable` */
  readonly select: (input: ReplayCheckInput) => Promise<readonly ExecutionId[]>;
  /**
   * Replays the recordings of the first of these executions, at least one, for a limited time: Restate aborts a step that takes
   * minutes, and everything in it would be replayed again.
   *
   * @param ended aborts when the attempt has ended
   * @throws {DuraniumError} `restate-unavailable`
   */
  readonly replay: (
    executionIds: readonly ExecutionId[],
    candidate: CompiledWorkflow,
    ended: AbortSignal,
  ) => Promise<readonly ReplayItem[]>;
}

type Context = restate.ObjectContext;

/** Runs a check to its end. A failure of the candidate and a cancellation are its end too, and are in its state. */
export async function runCheck(
  ctx: Context,
  input: ReplayCheckInput,
  options: ReplayCheckOptions,
): Promise<null> {
  const { workflowId, requestedBy, sourceDigest, select } = input;
  const latest = latestIn(select);
  const createdAt = await ctx.run("start", options.now);
  let progress: ReplayCheckProgress = {
    workflowId,
    status: "running",
    requestedBy,
    ...(sourceDigest === undefined ? {} : { sourceDigest }),
    ...(latest === undefined ? {} : { latest }),
    createdAt,
    done: 0,
    summary: summaryOf([]),
  };
  const write = (change: Partial<ReplayCheckProgress>) => {
    progress = { ...progress, ...change };
    ctx.set(progressKey, progress);
  };
  write({});
  const end = await endOfBatches(ctx, input, { options, write });
  // A cancelled invocation can still make entries: its cancellation was delivered.
  write({ ...end, endedAt: await ctx.run("end", options.now) });
  ctx.genericSend({
    service: replayCheckObjectName,
    key: ctx.key,
    method: "expire",
    parameter: null,
    inputSerde: json,
    delay: checkRetentionMs,
  });
  return null;
}

async function endOfBatches(
  ...given: Parameters<typeof replayBatches>
): Promise<Partial<ReplayCheckProgress>> {
  try {
    await replayBatches(...given);
    return { status: "completed" };
  } catch (error) {
    // Anything else ends this attempt, and the check continues in the next one.
    if (!(error instanceof restate.TerminalError)) throw error;
    return endOf(error);
  }
}

async function replayBatches(
  ctx: Context,
  input: ReplayCheckInput,
  {
    options,
    write,
  }: {
    readonly options: ReplayCheckOptions;
    readonly write: (change: Partial<ReplayCheckProgress>) => void;
  },
): Promise<void> {
  const candidate = await journaled(ctx, "compile", async () => await options.candidateOf(input));
  const executionIds = await journaled(ctx, "select", async () => await options.select(input));
  write({ total: executionIds.length });
  const outcomes: Pick<ReplayItem, "outcome" | "fixed">[] = [];
  const ended = ctx.request().attemptCompletedSignal;
  for (let batch = 0; outcomes.length < executionIds.length; batch += 1) {
    const at = outcomes.length;
    const next = executionIds.slice(at, at + recordingsPerBatch);
    const items = await journaled(
      ctx,
      `replay ${at}`,
      async () => await options.replay(next, candidate, ended),
    );
    ctx.set(itemsKey(batch), items);
    outcomes.push(...items);
    const fixed = summaryOf(outcomes.filter((item) => item.fixed));
    write({ done: outcomes.length, summary: summaryOf(outcomes), fixed });
  }
}

const json = restate.serde.json as restate.Serde<JsonValue>;

function endOf(error: restate.TerminalError): Partial<ReplayCheckProgress> {
  if (error instanceof restate.CancelledError) return { status: "cancelled" };
  const { code, message, metadata = {} } = error;
  const failure = toDuraniumError(fromRestateFailure({ code, message, metadata }));
  const { diagnostics } = failure;
  return {
    status: "failed",
    problem: {
      code: failure.code,
      detail: failure.message,
      ...(diagnostics.length === 0 ? {} : { diagnostics }),
    },
  };
}

async function journaled<T>(ctx: Context, name: string, step: () => Promise<T>): Promise<T> {
  return await ctx.run(name, () => withRestateErrors(step));
}
