/**
 * Which turn a worker thread is in, and since when: written by the thread, read by its pool, which so
 * blames the turn that runs and none that waits behind it.
 */
export interface TurnClock {
  /** The memory that both sides share. */
  readonly shared: SharedArrayBuffer;
  begin(turn: number): void;
  end(): void;
  /** The turn that has been running for longer than this. */
  overdue(limitMs: number): number | undefined;
}

const turnSlot = 0;
const startSlot = 1;
const noTurn = 0n;

/** @param shared what the other side has, to look at the same clock */
export function createTurnClock(shared = new SharedArrayBuffer(16)): TurnClock {
  const slots = new BigInt64Array(shared);
  return {
    shared,
    begin(turn) {
      Atomics.store(slots, startSlot, process.hrtime.bigint());
      Atomics.store(slots, turnSlot, BigInt(turn));
    },
    end() {
      Atomics.store(slots, turnSlot, noTurn);
    },
    overdue(limitMs) {
      const turn = Atomics.load(slots, turnSlot);
      const start = Atomics.load(slots, startSlot);
      if (turn === noTurn) return undefined;
      const elapsedMs = Number(process.hrtime.bigint() - start) / 1e6;
      return elapsedMs > limitMs ? Number(turn) : undefined;
    },
  };
}
