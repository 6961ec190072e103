/**
 * Which turn a worker thread is in, and since when: written by the thread, read by its pool, which so
 * blames the turn that runs and none that waits behind it. And which turns are not wanted any more: written by
 * the pool, read by the thread, whose messages cannot be taken back.
 */
export interface TurnClock {
  /** The memory that both sides share. */
  readonly shared: SharedArrayBuffer;
  begin(turn: number): void;
  end(): void;
  /** The turn that has been running for longer than this. */
  overdue(limitMs: number): number | undefined;
  /** A turn that has not begun is not to be taken. One that begins at this moment may be taken all the same. */
  withdraw(turn: number): void;
  isWithdrawn(turn: number): boolean;
  /** What the operating system calls the thread: said by itself, 0 where that is not known. */
  systemThread: number;
}

const turnSlot = 0;
const startSlot = 1;
const systemThreadSlot = 2;
const firstWithdrawnSlot = 3;
/** A turn's slot is used again by a later one: then the earlier may be taken, which is a waste and no harm. */
const withdrawnSlots = 1_024;
const noTurn = 0n;

/** @param shared what the other side has, to look at the same clock */
export function createTurnClock(
  shared = new SharedArrayBuffer(8 * (firstWithdrawnSlot + withdrawnSlots)),
): TurnClock {
  const slots = new BigInt64Array(shared);
  const withdrawnSlot = (turn: number) => firstWithdrawnSlot + (turn % withdrawnSlots);
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
    withdraw(turn) {
      Atomics.store(slots, withdrawnSlot(turn), BigInt(turn));
    },
    isWithdrawn: (turn) => Atomics.load(slots, withdrawnSlot(turn)) === BigInt(turn),
    get systemThread() {
      return Number(Atomics.load(slots, systemThreadSlot));
    },
    set systemThread(thread) {
      Atomics.store(slots, systemThreadSlot, BigInt(thread));
    },
  };
}
