import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import type { FlowPlan, QueuePlan } from "../../domain/flow/flow-plan.ts";
import type { SlotAnswer } from "../../domain/flow/slot.ts";
import type { PostedSlotAnswer } from "../../journal/queue-inputs.ts";
import type { AttemptConnection } from "../../restate/endpoint/attempt-connection.ts";
import type { Slot, SlotRequests } from "../../restate/endpoint/slot-requests.ts";

/**
 * Flow control as `execute` sees it: an execution enters the queues of its plan before it gets an instance, and leaves them
 * when it ends. An execution without a plan has no gate and makes no journal entry.
 */
export interface FlowGate {
  /** Waits until every queue has granted a slot. */
  enter(): Promise<Entry>;
  /** Releases what `enter` acquired. */
  leave(): void;
  /** The slots that it holds. */
  readonly held: readonly Slot[];
}

export type Entry =
  | {
      readonly kind: "granted";
      /** When the last slot was granted, in milliseconds since the Unix epoch. */
      readonly now: number;
      readonly batch?: readonly JsonValue[];
    }
  | Extract<SlotAnswer, { readonly kind: "skipped" }>
  | { readonly kind: "cancelled" };

export interface FlowGateOptions {
  readonly plan: FlowPlan;
  /** When the plan was made, in milliseconds since the Unix epoch. */
  readonly plannedAt: number;
  /** The payload, for a batch. */
  readonly payload: () => JsonValue;
  readonly slots: SlotRequests;
  readonly cancellation: () => restate.RestatePromise<void>;
  readonly connection: Pick<AttemptConnection, "suspend">;
}

/** How long an attempt waits for a slot that is probably free, before it is suspended. */
const grantWaitMs = 150;

export function createFlowGate(options: FlowGateOptions): FlowGate {
  const { plan, slots } = options;
  const held: Slot[] = [];

  function leave(): void {
    for (const slot of held.splice(0)) slots.release(slot);
  }

  async function enter(): Promise<Entry> {
    let granted: Extract<Entry, { readonly kind: "granted" }> = { kind: "granted", now: options.plannedAt };
    for (const queue of plan.queues) {
      const slot = request(options, queue);
      const answer = await answerOrCancellation(options, slot.answer);
      if (answer.kind === "cancelled") slots.release(slot);
      if (answer.kind !== "granted") {
        leave();
        return answer;
      }
      if (answer.holds) held.push(slot);
      const { now, batch = granted.batch } = answer;
      granted = { kind: "granted", now, ...(batch === undefined ? {} : { batch }) };
    }
    return granted;
  }

  return { enter, leave, held };
}

function request({ slots, payload, plannedAt }: FlowGateOptions, plan: QueuePlan) {
  const { queue, keys, priority, limits } = plan;
  const batched = keys.batch === undefined ? {} : { payload: payload() };
  const dated = limits === undefined ? undefined : { limits, at: plannedAt };
  return slots.acquire(queue, { keys, priority, ...batched }, dated);
}

/** A queued execution holds no memory: its attempt is suspended. */
async function answerOrCancellation(
  { cancellation, connection }: Pick<FlowGateOptions, "cancellation" | "connection">,
  answer: restate.RestatePromise<PostedSlotAnswer>,
): Promise<(SlotAnswer & { readonly now: number }) | { readonly kind: "cancelled" }> {
  const suspension = setTimeout(() => connection.suspend(), grantWaitMs);
  try {
    return await restate.RestatePromise.race([
      answer.map((posted, failure) => {
        if (posted === undefined) throw failure ?? new Error("A queue answered without a value");
        return { ...posted.value, now: posted.now };
      }),
      cancellation().map(() => ({ kind: "cancelled" as const })),
    ]);
  } finally {
    clearTimeout(suspension);
  }
}
