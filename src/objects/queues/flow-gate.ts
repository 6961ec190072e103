import type { JsonValue } from "../../base/json.ts";
import type { FlowPlan, QueuePlan } from "../../domain/flow/flow-plan.ts";
import type { SlotAnswer } from "../../domain/flow/slot.ts";
import type { Journal } from "../../host/journal.ts";
import type { Slot, SlotRequests } from "../../restate/endpoint/slot-requests.ts";
import { withActiveSlots } from "./active-slots.ts";
import { answerOrCancellation } from "./slot-answer.ts";
import type { SlotWait } from "./slot-answer.ts";

/**
 * Flow control as `execute` sees it: an execution enters the queues of its plan before it gets an instance, and leaves them
 * when it ends. An execution without a plan has no gate and makes no journal entry.
 */
export interface FlowGate {
  /** Waits until every queue has granted a slot. */
  enter(): Promise<Entry>;
  /** Releases what `enter` acquired. */
  leave(): void;
  /** The journal of an execution that has entered: it may release the slots while the execution waits. */
  journal(journal: Journal): Journal;
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

export interface FlowGateOptions extends SlotWait {
  readonly plan: FlowPlan;
  /** When the plan was made, in milliseconds since the Unix epoch. */
  readonly plannedAt: number;
  /** When the execution was accepted, in milliseconds since the Unix epoch, if that is known. */
  readonly acceptedAt?: number | undefined;
  /** The payload, for a batch. */
  readonly payload: () => JsonValue;
  readonly slots: SlotRequests;
}

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

  return {
    enter,
    leave,
    journal: (journal) =>
      plan.holds === "active" && held.length > 0 ? withActiveSlots(journal, { ...options, held }) : journal,
  };
}

function request({ slots, payload, plannedAt, acceptedAt }: FlowGateOptions, plan: QueuePlan) {
  const { queue, keys, priority, limits } = plan;
  const batched = keys.batch === undefined ? {} : { payload: payload() };
  const dated = limits === undefined ? undefined : { limits, at: plannedAt };
  const accepted = acceptedAt === undefined ? {} : { acceptedAt };
  return slots.acquire(queue, { keys, priority, ...accepted, ...batched }, dated);
}
