import * as restate from "@restatedev/restate-sdk";
import { parseExecutionId } from "../../domain/ids.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { recordedRequestsObjectName } from "../../journal/object-names.ts";
import type { ComparedVersion } from "../../journal/object-inputs.ts";
import type { RecordedRequests } from "../../replay/own-version.ts";
import type { ReplayItem } from "../../replay/replay-item.ts";
import { withRestateErrors } from "../../restate/client/terminal-error.ts";

export interface RecordedRequestsOptions {
  /** Replays an execution on its own version. Returns undefined if that is not possible. */
  readonly read: (executionId: ExecutionId) => Promise<RecordedRequests | undefined>;
  /** Replays an execution on another version. @throws {DuraniumError} `version-not-found`, `restate-unavailable` */
  readonly compare: (executionId: ExecutionId, version: number) => Promise<ReplayItem>;
}

/**
 * The Virtual Object `RecordedRequests`, keyed by execution id: replays an execution for processes without a sandbox. `read` finds out what
 * its calls asked for, and `compare` how another version differs. It has no state, and its handlers make no journal entry, because a repeated replay returns the same.
 */
export function createRecordedRequestsObject({ read, compare }: RecordedRequestsOptions) {
  return restate.object({
    name: recordedRequestsObjectName,
    handlers: {
      read: restate.handlers.object.shared(
        policy,
        async (ctx: restate.ObjectSharedContext) =>
          await withRestateErrors(async () => (await read(parseExecutionId(ctx.key))) ?? null),
      ),
      compare: restate.handlers.object.shared(
        policy,
        async (ctx: restate.ObjectSharedContext, { version }: ComparedVersion) =>
          await withRestateErrors(async () => await compare(parseExecutionId(ctx.key), version)),
      ),
    },
  });
}

const policy = {
  journalRetention: { milliseconds: 0 },
  idempotencyRetention: { milliseconds: 0 },
  retryPolicy: { initialInterval: { milliseconds: 200 }, maxAttempts: 2, onMaxAttempts: "kill" },
} as const;
