import { describe, expect, test } from "vitest";
import type { AwaitedResult, ResultKind } from "../../host/delivery-order.ts";
import type { Arrival } from "../../recordings/recording.ts";
import { callKey, cancellationKey, createArrivals, signalKey } from "./arrivals.ts";

type Awaited = AwaitedResult<string>;

const started: Arrival = { barrier: "started" };
const cancellation: Awaited = { key: cancellationKey, kind: "cancellation" };

describe("the arrivals of a recording", () => {
  test("are delivered in their order, as far as they are waited for", () => {
    const arrivals = createArrivals({
      arrivals: [started, { call: 1 }, { call: 0 }, { cancellation: true }],
    });
    expect(arrivals.deliver([cancellation, call(0)])).toBe(callKey(0));
    expect(arrivals.deliver([cancellation, call(1)])).toBe(callKey(1));
    expect(arrivals.deliver([cancellation])).toBe(cancellationKey);
    expect(arrivals.deliver([call(2)])).toBeUndefined();
  });

  test("that are available are delivered in the order of their kinds, and equal ones in the order of the wait", () => {
    const signals: Arrival[] = [{ signal: "event b 0" }, { signal: "event a 0" }, { call: 0 }, { call: 1 }];
    const waiting = [signal("event a 0"), signal("event b 0"), call(0, "sleep"), call(1)];
    expect(createArrivals({ arrivals: [started, ...signals] }).deliver(waiting)).toBe(signalKey("event b 0"));
    // All had arrived when the execution started.
    expect(deliveredBy([...signals, started], waiting)).toEqual([
      callKey(1),
      signalKey("event a 0"),
      signalKey("event b 0"),
      callKey(0),
    ]);
  });

  test("have a reading of the clock for each delivery that needs one, which makes everything before it available", () => {
    const arrivals = createArrivals({
      arrivals: [
        started,
        { call: 0 },
        { call: 2 },
        { clock: 5, after: 1 },
        { call: 1 },
        { clock: 7, after: 0 },
      ],
    });
    expect(arrivals.readClock(0)).toBe(7);
    expect(arrivals.deliver([call(1), call(2)])).toBe(callKey(1));
    expect(arrivals.readClock(1)).toBe(5);
    expect(arrivals.readClock(1)).toBeUndefined();
  });

  test("up to the ID of a cancelled call, or the return of the slots, are available together", () => {
    const all: Arrival[] = [started, { call: 1 }, { cancellation: true }, { call: 0 }];
    const withdrawn = createArrivals({ arrivals: [...all, { invocation: 2 }] });
    withdrawn.takeInvocation(2);
    expect(withdrawn.deliver([cancellation, call(0), call(1)])).toBe(callKey(0));
    // The execution waited for a cancellation as well.
    const held = createArrivals({ arrivals: [...all, { barrier: "slots" }] });
    held.takeSlots();
    expect(held.deliver([cancellation, call(0), call(1)])).toBe(cancellationKey);
  });

  test("that are from another execution are waited for alone", () => {
    const reused: Arrival[] = [started, { call: 2 }, { call: 1, reused: true }, { call: 0, reused: true }];
    expect(deliveredBy(reused, [call(0), call(1), call(2)])).toEqual([callKey(1), callKey(0), callKey(2)]);
  });

  test("of slots of hosts come before the results of their fetches, and are not results", () => {
    const all: Arrival[] = [{ call: 1 }, { slot: 0 }, started, { call: 0 }];
    expect(deliveredBy(all, [call(0), call(1, "signal")])).toEqual([callKey(1), callKey(0)]);
  });
});

function call(number: number, kind: ResultKind = "run"): Awaited {
  return { key: callKey(number), kind };
}

function signal(name: string): Awaited {
  return { key: signalKey(name), kind: "signal" };
}

function deliveredBy(arrivals: Arrival[], waiting: readonly Awaited[]): readonly (string | undefined)[] {
  const all = createArrivals({ arrivals });
  let left = waiting;
  return waiting.map(() => {
    const key = all.deliver(left);
    left = left.filter((each) => each.key !== key);
    return key;
  });
}
