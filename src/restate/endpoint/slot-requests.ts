import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import type { QueueId } from "../../domain/ids.ts";
import type { DatedLimits } from "../../domain/flow/queue-limits.ts";
import type { SlotRequest } from "../../domain/flow/slot.ts";
import { parseExecutionId } from "../../domain/ids.ts";
import {
  acquireSlotEntry,
  continueSlotEntry,
  releaseSlotEntry,
  suspendSlotEntry,
} from "../../journal/entry-names.ts";
import { queueObjectName } from "../../journal/object-names.ts";
import type { PostedSlotAnswer } from "../../journal/queue-inputs.ts";
import { slotSignal } from "../../journal/signals.ts";

/**
 * The requests of one execution to queues. Each method is one command of the journal, and requests are numbered in the order
 * in which they are made, so a replay makes the same ones.
 */
export interface SlotRequests {
  /** Requests a slot. `answer` resolves when the queue grants it or skips the execution. */
  acquire(queue: QueueId, request: SlotRequest, limits?: DatedLimits): RequestedSlot;
  /** Releases a slot, or withdraws a request that has no answer. */
  release(slot: Slot): void;
  /** Releases a slot while the execution waits. */
  suspend(slot: Slot): void;
  /** Requests a suspended slot again. */
  continue(slot: Slot): restate.RestatePromise<PostedSlotAnswer>;
}

export interface Slot {
  readonly queue: QueueId;
  readonly number: number;
}

export interface RequestedSlot extends Slot {
  readonly answer: restate.RestatePromise<PostedSlotAnswer>;
}

const json = restate.serde.json as restate.Serde<JsonValue>;

export function createSlotRequests(ctx: restate.Context): SlotRequests {
  const executionId = parseExecutionId(ctx.request().id);
  let count = 0;

  function send(method: string, name: string, queue: QueueId, input: object): void {
    const parameter = { executionId, ...input } as JsonValue;
    const target = { service: queueObjectName, key: queue, method };
    ctx.genericSend({ ...target, name, parameter, inputSerde: json });
  }

  const answerOf = (queue: QueueId, number: number) =>
    ctx.signal<JsonValue>(
      slotSignal(queue, number),
      json,
    ) as unknown as restate.RestatePromise<PostedSlotAnswer>;

  return {
    acquire(queue, request, limits) {
      const number = count++;
      send("acquire", acquireSlotEntry(queue), queue, {
        number,
        request,
        ...(limits === undefined ? {} : { limits }),
      });
      return { queue, number, answer: answerOf(queue, number) };
    },
    release: ({ queue, number }) => send("release", releaseSlotEntry(queue), queue, { number }),
    suspend: ({ queue, number }) => send("suspend", suspendSlotEntry(queue), queue, { number }),
    continue({ queue, number }) {
      const answer = count++;
      send("continue", continueSlotEntry(queue), queue, { number, answer });
      return answerOf(queue, answer);
    },
  };
}
