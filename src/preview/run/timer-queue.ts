/** Rings once, unless it is cancelled before. */
export interface ScheduledTimer {
  /** Whether time is skipped for its sake; otherwise it rings when time comes by. */
  isActive: boolean;
  cancel(): void;
}

/** What is due, by time; of what is due at the same time, what was added first comes first. */
export interface TimerQueue {
  add(time: number, ring: () => void): ScheduledTimer;
  /** When the first one is due. */
  readonly due: number | undefined;
  /** When the first one is due that is wanted. */
  readonly nextActiveDue: number | undefined;
  /** Takes the first one out, where it is due by then. */
  take(time: number): { ring(): void } | undefined;
  clear(): void;
}

interface Entry {
  readonly time: number;
  readonly number: number;
  readonly ring: () => void;
}

/** A workflow that gives up thousands of timers keeps all of them until their time: so those are apart. */
export function createTimerQueue(): TimerQueue {
  const wanted: Entry[] = [];
  const unwanted: Entry[] = [];
  let added = 0;

  function queueOfFirst(): Entry[] {
    const [one, other] = [wanted[0], unwanted[0]];
    return other === undefined || (one !== undefined && isBefore(one, other)) ? wanted : unwanted;
  }

  return {
    add(time, ring) {
      const entry = { time, number: (added += 1), ring };
      let queue = wanted;
      insert(queue, entry);
      return {
        get isActive() {
          return queue === wanted;
        },
        set isActive(isActive) {
          const next = isActive ? wanted : unwanted;
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
      return wanted[0]?.time;
    },
    take(time) {
      const queue = queueOfFirst();
      return queue[0] !== undefined && queue[0].time <= time ? queue.shift() : undefined;
    },
    clear() {
      wanted.length = 0;
      unwanted.length = 0;
    },
  };
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.time < other.time || (one.time === other.time && one.number < other.number);
}

function insert(queue: Entry[], entry: Entry): void {
  queue.splice(placeOf(queue, entry), 0, entry);
}

/** Answers whether it was there: it is not, once it has rung. */
function remove(queue: Entry[], entry: Entry): boolean {
  const place = placeOf(queue, entry);
  if (queue[place] !== entry) return false;
  queue.splice(place, 1);
  return true;
}

/** How many are before it. */
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
