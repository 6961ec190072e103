/** A timer that fires once, unless it is cancelled. */
export interface ScheduledTimer {
  /** Whether time may be skipped to reach it. An inactive timer fires when the clock passes it. */
  isActive: boolean;
  cancel(): void;
}

/** Timers ordered by time; at the same time by rank, and then by the order of adding. */
export interface TimerQueue {
  /** @param rank defaults to the last one */
  add(time: number, fire: () => void, rank?: number): ScheduledTimer;
  /** When the first timer is due. */
  readonly due: number | undefined;
  /** When the first active timer is due. */
  readonly nextActiveDue: number | undefined;
  /** Removes and returns the first timer if it is due by this time. */
  take(time: number): { fire(): void } | undefined;
  clear(): void;
}

interface Entry {
  readonly time: number;
  readonly rank: number;
  readonly number: number;
  readonly fire: () => void;
}

/** Inactive timers have a queue of their own, because a workflow may abandon thousands that stay until their time. */
export function createTimerQueue(): TimerQueue {
  const active: Entry[] = [];
  const inactive: Entry[] = [];
  let added = 0;

  function queueOfFirst(): Entry[] {
    const [one, other] = [active[0], inactive[0]];
    return other === undefined || (one !== undefined && isBefore(one, other)) ? active : inactive;
  }

  return {
    add(time, fire, rank = Infinity) {
      const entry = { time, rank, number: (added += 1), fire };
      let queue = active;
      insert(queue, entry);
      return {
        get isActive() {
          return queue === active;
        },
        set isActive(isActive) {
          const next = isActive ? active : inactive;
          if (next !== queue && remove(queue, entry)) insert(next, entry);
          queue = next;
        },
        cancel: () => void remove(queue, entry),
      };
    },
    get due() {
      return queueOfFirst()[0]?.time;
    },
    get nextActiveDue() {
      return active[0]?.time;
    },
    take(time) {
      const queue = queueOfFirst();
      return queue[0] !== undefined && queue[0].time <= time ? queue.shift() : undefined;
    },
    clear() {
      active.length = 0;
      inactive.length = 0;
    },
  };
}

function isBefore(one: Entry, other: Entry): boolean {
  if (one.time !== other.time) return one.time < other.time;
  return one.rank === other.rank ? one.number < other.number : one.rank < other.rank;
}

function insert(queue: Entry[], entry: Entry): void {
  queue.splice(placeOf(queue, entry), 0, entry);
}

/** Returns false if the timer has already fired or was removed. */
function remove(queue: Entry[], entry: Entry): boolean {
  const place = placeOf(queue, entry);
  if (queue[place] !== entry) return false;
  queue.splice(place, 1);
  return true;
}

/** The index at which the entry is or would be. */
function placeOf(queue: readonly Entry[], entry: Entry): number {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = queue[middle];
    if (found !== undefined && isBefore(found, entry)) low = middle + 1;
    else high = middle;
  }
  return low;
}
