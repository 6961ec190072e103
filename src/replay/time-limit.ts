import type { Guest, Turn } from "../host/guest.ts";
import { notComparable } from "./journal/divergence.ts";
import type { ReplayedVersion } from "./replayed-version.ts";

/** A version whose replays end as not comparable after a time. A turn that has begun is limited by its fuel. */
export function withTimeLimit(version: ReplayedVersion, limitMs: number): ReplayedVersion {
  return {
    mapper: version.mapper,
    async open(limits) {
      const guest = await version.open(limits);
      return withDeadline(guest, { endsAt: performance.now() + limitMs, limitMs });
    },
  };
}

function withDeadline(
  guest: Guest,
  { endsAt, limitMs }: { readonly endsAt: number; readonly limitMs: number },
): Guest {
  async function inTime(turn: () => Promise<Turn>): Promise<Turn> {
    if (performance.now() > endsAt) throw notComparable(`The replay takes longer than ${limitMs / 1_000} s`);
    return await turn();
  }

  return {
    get fuelUsed() {
      return guest.fuelUsed;
    },
    run: async (context, payload) => await inTime(async () => await guest.run(context, payload)),
    settle: async (settlement) => await inTime(async () => await guest.settle(settlement)),
    cancel: async (now) => await inTime(async () => await guest.cancel(now)),
    [Symbol.dispose]: () => guest[Symbol.dispose](),
  };
}
