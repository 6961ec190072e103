import type { Journal, Pending } from "../../host/journal.ts";
import type { Slot, SlotRequests } from "../../restate/endpoint/slot-requests.ts";
import { answerOrCancellation } from "./slot-answer.ts";
import type { SlotWait } from "./slot-answer.ts";

/**
 * A journal that releases the slots of an execution while all it does is wait: for a time, an event, a callback, or another
 * execution. When one of these has a result, it acquires the slots again before it delivers the result.
 *
 * Whether an execution only waits follows from the commands in a race, so a replay releases and acquires at the same places.
 * A cancelled execution cleans up without a slot.
 */
export function withActiveSlots(
  journal: Journal,
  {
    held,
    slots,
    ...waiting
  }: SlotWait & {
    readonly held: readonly Slot[];
    readonly slots: SlotRequests;
  },
): Journal {
  let isCancelled = false;
  const cancellation = () =>
    journal.cancellation().map(() => {
      isCancelled = true;
    });
  return {
    run: (...given) => active(journal.run(...given)),
    clock: (...given) => active(journal.clock(...given)),
    send: (...given) => active(journal.send(...given)),
    sleep: (...given) => passive(journal.sleep(...given)),
    signal: (...given) => passive(journal.signal(...given)),
    call: (name, callee, input) => {
      const call = journal.call(name, callee, input);
      return callee.object === "Workflow" ? passive(call) : active(call);
    },
    cancellation: () => passive(cancellation()),
    async race<T>(pending: readonly Pending<T>[]): Promise<T> {
      const racing = pending as readonly TrackedPending<T>[];
      const inner = racing.map((each) => each.inner);
      if (isCancelled || !racing.every(({ isPassive }) => isPassive)) return await journal.race(inner);
      for (const slot of held) slots.suspend(slot);
      const result = await journal.race(inner);
      for (const slot of held) {
        if (isCancelled) break;
        // A cancellation that arrives meanwhile is delivered by the next race.
        await answerOrCancellation(waiting, slots.continue(slot));
      }
      return result;
    },
  };
}

interface TrackedPending<T> extends Pending<T> {
  readonly inner: Pending<T>;
  /** True if the execution only waits for it. */
  readonly isPassive: boolean;
}

function active<T>(inner: Pending<T>): TrackedPending<T> {
  return tracked(inner, false);
}

function passive<T>(inner: Pending<T>): TrackedPending<T> {
  return tracked(inner, true);
}

function tracked<T>(inner: Pending<T>, isPassive: boolean): TrackedPending<T> {
  return {
    inner,
    isPassive,
    map: <U>(transform: (value: T) => U) => tracked<U>(inner.map(transform), isPassive),
    drop: () => inner.drop(),
    withdraw: async () => await inner.withdraw(),
  };
}
