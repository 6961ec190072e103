import type { GuestContext, Guest, Settlement } from "../../host/guest.ts";
import { signalAwaited } from "../../journal/signals.ts";
import type { Recording } from "../../recordings/recording.ts";
import { byRequest } from "../../replay/journal/matching.ts";
import { replay } from "../../replay/replay.ts";
import type { Replay } from "../../replay/replay.ts";

/**
 * When the results of a recording arrive, on the clock of the workflow. A recording has their order but not all times, so they
 * are measured by a replay. Results that the replay does not reach arrive without a delay, in the recorded order.
 */
export interface Timeline {
  /** By the number of a call. Absent if its result was never delivered. */
  readonly calls: ReadonlyMap<number, Delivery>;
  readonly signals: readonly DatedSignal[];
  /** Milliseconds since the Unix epoch. Absent if the execution was not cancelled. */
  readonly cancelledAt?: number;
  /** The time of the last delivery. */
  readonly lastAt: number;
}

export interface Delivery {
  /** From the call to its result. */
  readonly afterMs: number;
  /** Orders results that arrive at the same time. */
  readonly rank: number;
}

export interface DatedSignal {
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly rank: number;
}

/** @param guest an instance with the image to run, which the caller disposes */
export async function measureTimeline(recording: Recording, guest: Guest): Promise<Timeline> {
  const timed = withTimes(guest);
  const measured = await replay(recording, { guest: timed.guest, matcher: byRequest(recording) });
  const { times } = timed;
  const reached = deliveriesIn(measured, times);
  const calls = new Map<number, Delivery>();
  for (const [rank, arrival] of recording.arrivals.entries()) {
    if ("call" in arrival) calls.set(arrival.call, { afterMs: 0, rank: reached.length + rank });
  }
  for (const [rank, { call, at, madeAt }] of reached.entries()) {
    if (call !== undefined) calls.set(call, { afterMs: at - madeAt, rank });
  }
  const { cancelledAt } = timed;
  return {
    calls,
    signals: datedSignals(recording, reached),
    ...(cancelledAt === undefined ? {} : { cancelledAt }),
    lastAt: times.at(-1) ?? recording.start.now,
  };
}

interface Reached {
  /** Undefined for the end of a grace period, and for a cancellation. */
  readonly call: number | undefined;
  readonly at: number;
  readonly madeAt: number;
}

/** @param times of the turns. A turn follows each delivery, except one that ends the execution. */
function deliveriesIn({ delivered, made }: Replay, times: readonly number[]): readonly Reached[] {
  const turns = new Map(made.map(({ number, turn }) => [number, turn]));
  return delivered.map((call, place) => {
    const at = times[place + 1] ?? times.at(-1) ?? 0;
    return { call, at, madeAt: times[turns.get(call) ?? place] ?? at };
  });
}

function datedSignals({ calls, signals }: Recording, reached: readonly Reached[]): readonly DatedSignal[] {
  return signals.map(({ name, result }, place) => {
    const rank = reached.findIndex(({ call }) => signalAwaited(calls[call ?? -1]?.name ?? "") === name);
    const posted = "value" in result ? (result.value as { readonly now?: unknown } | null)?.now : undefined;
    const at = reached[rank]?.at ?? (typeof posted === "number" ? posted : 0);
    return { name, at, rank: rank < 0 ? reached.length + place : rank };
  });
}

/** Notes the guest's clock at each of its turns. */
function withTimes(guest: Guest) {
  const times: number[] = [];
  let cancelledAt: number | undefined;
  return {
    times,
    get cancelledAt() {
      return cancelledAt;
    },
    guest: {
      get fuelUsed() {
        return guest.fuelUsed;
      },
      async run(context: GuestContext, payload: Uint8Array) {
        times.push(context.now);
        return await guest.run(context, payload);
      },
      async settle(settlement: Settlement) {
        times.push(settlement.now);
        return await guest.settle(settlement);
      },
      async cancel(now: number) {
        times.push(now);
        cancelledAt = now;
        return await guest.cancel(now);
      },
      [Symbol.dispose]: () => guest[Symbol.dispose](),
    } satisfies Guest,
  };
}
