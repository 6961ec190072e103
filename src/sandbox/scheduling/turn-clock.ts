/**
 * Memory shared between a worker thread and its pool. The thread writes which turn it runs and since when, so
 * that the pool blames the running turn and not one that waits behind it. The pool writes which turns it has
 * withdrawn, because a message that was posted to a thread cannot be taken back.
 */
export interface TurnClock {
  /** The memory that both sides share. */
  readonly shared: SharedArrayBuffer;
  begin(turn: number): void;
  end(): void;
  /** The running turn, if it has been running for longer than `limitMs`. */
  overdue(limitMs: number): number | undefined;
  /** Withdraws a turn that has not started. A turn that starts at the same moment may run nevertheless. */
  withdraw(turn: number): void;
  isWithdrawn(turn: number): boolean;
  /** The thread's number in the operating system, written by the thread itself; 0 if unknown. */
  systemThread: number;
}

const turnSlot = 0;
const startSlot = 1;
const systemThreadSlot = 2;
const firstWithdrawnSlot = 3;
/**
 * Slots are reused: a later turn may clear the withdrawal of an earlier one, which then runs without effect.
 */
const withdrawnSlots = 1_024;
const noTurn = 0n;

/** @param shared the memory of the other side */
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
