import { createCallback } from "./callback.ts";
import { callWorkflow, sendToWorkflow } from "./calls.ts";
import { durationMs } from "./duration.ts";
import { waitForEvent } from "./events.ts";
import { callHost } from "../host/host-calls.ts";
import { workflowSecrets } from "./secrets.ts";
import { workflowState } from "./state.ts";
import { tagExecution } from "./tags.ts";
import { signalOf, untilAborted } from "../platform/web/events/abort-signal.ts";
import type { Duration, ScheduledRun, WorkflowContext } from "@duranium/workflow";

/** The `ctx` record of `wit/runtime.wit`, as `bindings.ts` passes it. */
export interface HostContext extends HostContextMembers {
  readonly workflowId: string;
  readonly version: number;
  readonly executionId: string;
  readonly entryPoint: string | undefined;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly callbackUrl: string;
}

/** The members of `extend` in `wit/runtime.wit`. */
export interface HostContextMembers {
  readonly schedule?: ScheduledRun;
  /** True if the host wants to know where the workflow makes each call. It is not a member of `ctx`. */
  readonly callSites?: boolean;
}

/** The first argument of the author's `run`. The seed is not part of it. */
export function createContext(host: HostContext): WorkflowContext {
  const { workflowId, version, executionId, entryPoint, schedule } = host;
  return Object.freeze({
    workflowId,
    version,
    executionId,
    entryPoint,
    ...(schedule === undefined ? {} : { schedule: Object.freeze(schedule) }),
    sleep,
    waitForEvent: waitForEvent as WorkflowContext["waitForEvent"],
    createCallback: ((options) => createCallback(host, options)) as WorkflowContext["createCallback"],
    state: workflowState,
    secrets: workflowSecrets,
    call: callWorkflow as WorkflowContext["call"],
    send: sendToWorkflow,
    tag: tagExecution,
  });
}

async function sleep(duration: Duration, options?: { readonly signal?: unknown }): Promise<void> {
  const signal = signalOf(options?.signal);
  const args = { durationMs: durationMs(duration) };
  signal?.throwIfAborted();
  const { answer, abandon } = callHost("sleep", args);
  await (signal === undefined ? answer : untilAborted(answer, signal, abandon));
}
