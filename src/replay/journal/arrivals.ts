import { createTakenResults } from "../../host/delivery-order.ts";
import type { AwaitedResult } from "../../host/delivery-order.ts";
import type { Arrival, Recording } from "../../recordings/recording.ts";

/**
 * Delivers the arrivals of a recording as Restate's SDK delivers the entries of a journal.
 *
 * 1. A wait takes the arrivals in their order until one of them is waited for, which is delivered.
 * 2. What was taken before is available to later waits. The first of them takes all available results that it waits for, and delivers
 *    one of them (`host/delivery-order.ts`); the others are delivered next, in the order of the wait.
 * 3. An execution that reuses results of another one waits for each of them alone, before anything else. So do the readings of the
 *    clock and the returns of slots.
 * 4. The answer of a host's queue to a fetch is delivered as a result is, and the wait continues with the fetch.
 */
export interface Arrivals {
  /** Returns the key of `waiting` that is delivered next, or undefined if none of them ever arrives. */
  deliver(waiting: readonly Awaited[]): string | undefined;
  /**
   * Takes the arrivals up to a reading of the clock: the one for the delivery of `call`, or else the next one.
   *
   * @returns milliseconds since the Unix epoch, or undefined if the recording has no such reading
   */
  readClock(call: number | undefined): number | undefined;
  /** Takes the arrivals up to the time of the cancellation. */
  readCancelledAt(): number | undefined;
  /** Takes the arrivals up to the ID of the invocation that a call started, if the execution waited for it. */
  takeInvocation(call: number): void;
  /** Takes the arrivals up to the next one at which the execution had its slots again, if there is one. */
  takeSlots(): void;
}

type Awaited = AwaitedResult<string>;

export function createArrivals({ arrivals }: Pick<Recording, "arrivals">): Arrivals {
  const reader = createReader(arrivals);
  const usedClocks = new Set<number>();
  reader.takeThrough((arrival) => "barrier" in arrival && arrival.barrier === "started");

  return {
    deliver: createDelivery(arrivals, reader),
    readClock(call) {
      const isClock = (arrival: Arrival, at: number) => "clock" in arrival && !usedClocks.has(at);
      const own = arrivals.findIndex(
        (arrival, at) => isClock(arrival, at) && "after" in arrival && arrival.after === call,
      );
      const place = own >= 0 ? own : arrivals.findIndex(isClock);
      const reading = arrivals[place];
      if (reading === undefined || !("clock" in reading)) return undefined;
      usedClocks.add(place);
      reader.takeTo(place);
      return reading.clock;
    },
    readCancelledAt() {
      const reading = reader.takeThrough((arrival) => "cancelledAt" in arrival);
      return reading !== undefined && "cancelledAt" in reading ? reading.cancelledAt : undefined;
    },
    takeInvocation: (call) =>
      void reader.takeThrough((arrival) => "invocation" in arrival && arrival.invocation === call),
    takeSlots() {
      reader.takeThrough((arrival) => "barrier" in arrival && arrival.barrier === "slots");
      // The execution waited for a cancellation at the same time.
      reader.taken.deliver([{ key: cancellationKey, kind: "cancellation" }]);
    },
  };
}

/** Takes arrivals in their order. */
function createReader(arrivals: Recording["arrivals"]) {
  const taken = createTakenResults<string>();
  let next = 0;

  function takeTo(place: number): void {
    for (; next <= place; next += 1) {
      const key = keyOf(arrivals[next]);
      if (key !== undefined) taken.add(key);
    }
  }

  return {
    taken,
    takeTo,
    takeThrough(isWanted: (arrival: Arrival) => boolean): Arrival | undefined {
      const place = arrivals.findIndex((arrival, at) => at >= next && isWanted(arrival));
      if (place >= 0) takeTo(place);
      return arrivals[place];
    },
    deliver(waiting: readonly Awaited[]): string | undefined {
      for (;;) {
        const found = taken.deliver(waiting);
        if (found !== undefined || next >= arrivals.length) return found?.key;
        takeTo(next);
      }
    },
  };
}

/** Delivers results of other executions first, and the slots of hosts before the results of their fetches. */
function createDelivery(
  arrivals: Recording["arrivals"],
  reader: ReturnType<typeof createReader>,
): Arrivals["deliver"] {
  const reused = arrivals.flatMap((arrival, place) =>
    isReused(arrival) ? [{ place, key: keyOf(arrival) }] : [],
  );
  const queued = new Set(arrivals.flatMap((arrival) => ("slot" in arrival ? [callKey(arrival.slot)] : [])));
  return (waiting) => {
    const found = reused.find(({ key }) => waiting.some((each) => each.key === key));
    if (found !== undefined) {
      reader.takeTo(found.place);
      reused.splice(reused.indexOf(found), 1);
      return found.key;
    }
    for (;;) {
      const key = reader.deliver(waiting.map((each) => (queued.has(each.key) ? slotOf(each) : each)));
      if (key === undefined || !key.startsWith(slotPrefix)) return key;
      queued.delete(key.slice(slotPrefix.length));
    }
  };
}

export const cancellationKey = "cancellation";

export function callKey(call: number): string {
  return `call ${call}`;
}

export function signalKey(signal: string): string {
  return `signal ${signal}`;
}

export function timerKey(name: string): string {
  return `timer ${name}`;
}

const slotPrefix = "slot of ";

function slotOf({ key }: Awaited): Awaited {
  return { key: `${slotPrefix}${key}`, kind: "signal" };
}

function isReused(arrival: Arrival): boolean {
  return "reused" in arrival && arrival.reused !== undefined;
}

/** Undefined for an arrival that the driver does not wait for together with others. */
function keyOf(arrival: Arrival | undefined): string | undefined {
  if (arrival === undefined) return undefined;
  if ("call" in arrival) return callKey(arrival.call);
  if ("signal" in arrival) return signalKey(arrival.signal);
  if ("slot" in arrival) return `${slotPrefix}${callKey(arrival.slot)}`;
  if ("cancellation" in arrival) return cancellationKey;
  return "timer" in arrival ? timerKey(arrival.timer) : undefined;
}
