import type * as restate from "@restatedev/restate-sdk";
import { hostQueue } from "../../domain/flow/queue-id.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { HostSlotAnswer, HostSlotRequest } from "../../host/journal.ts";
import type { PostedSlotAnswer } from "../../journal/queue-inputs.ts";
import type { RequestedSlot, SlotRequests } from "./slot-requests.ts";

/** The slots of hosts' queues that the fetches of one execution request, hold and release. */
export interface HostSlots {
  /** Requests a slot: one command. */
  acquire(request: HostSlotRequest): HostSlot;
  /** Releases the slots of fetches that are in flight when the execution ends. */
  leave(): void;
}

export interface HostSlot {
  readonly answer: restate.RestatePromise<PostedSlotAnswer>;
  /** Must be called with the answer when it is delivered. */
  answered(answer: PostedSlotAnswer): HostSlotAnswer;
  /** One command if the slot is held or its request has no answer, and none otherwise. */
  release(): void;
}

/**
 * @param startedAt when the execution started and its limits were journaled, in milliseconds since the Unix epoch. Limits of
 *   executions that started later replace them.
 */
export function createHostSlots(
  slots: SlotRequests,
  { workflowId, startedAt }: { readonly workflowId: WorkflowId; readonly startedAt: number },
): HostSlots {
  const open = new Set<RequestedSlot>();

  function release(slot: RequestedSlot): void {
    if (open.delete(slot)) slots.release(slot);
  }

  return {
    acquire({ host, limits }) {
      // Workflows take turns at a host, so none of them starves the others.
      const request = { keys: { concurrency: workflowId, rate: "" }, priority: 0 };
      const slot = slots.acquire(hostQueue(host), request, { limits, at: startedAt });
      open.add(slot);
      return {
        answer: slot.answer,
        answered({ now, value }) {
          const isGranted = value.kind === "granted";
          if (!isGranted || !value.holds) open.delete(slot);
          return { isGranted, at: now };
        },
        release: () => release(slot),
      };
    },
    leave() {
      for (const slot of open) release(slot);
    },
  };
}
