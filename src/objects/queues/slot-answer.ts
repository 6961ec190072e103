import * as restate from "@restatedev/restate-sdk";
import type { SlotAnswer } from "../../domain/flow/slot.ts";
import type { PostedSlotAnswer } from "../../journal/queue-inputs.ts";
import type { AttemptConnection } from "../../restate/endpoint/attempt-connection.ts";

/** What an attempt needs to wait for a slot. */
export interface SlotWait {
  readonly cancellation: () => restate.RestatePromise<void>;
  readonly connection: Pick<AttemptConnection, "suspend">;
}

/** How long an attempt waits for a slot that is probably free, before it is suspended. */
const grantWaitMs = 150;

/** Waits for the answer of a queue. A queued execution holds no memory: its attempt is suspended. */
export async function answerOrCancellation(
  { cancellation, connection }: SlotWait,
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
