import type { VirtualClock } from "../clock/virtual-clock.ts";
import type { ScheduledTimer } from "../clock/timer-queue.ts";
import type { TakenAnswer } from "../answers/recorded-answers.ts";
import type { JournalEntry, JournalRecord } from "./journal-record.ts";

/** A command of an entry. */
export interface Command {
  readonly entry: JournalEntry;
  /** For a command that starts with its first race; removed once it has started. */
  start?: (() => void) | undefined;
  readonly drop?: () => void;
}

/**
 * The effects of a run. Like a process that was killed and replays the execution, `crash` starts the effects without a result
 * once more.
 */
export interface Effects {
  /** An effect. `settle` is called with its result, unless the effect was dropped. */
  live<T>(entry: JournalEntry, act: (signal: AbortSignal) => Promise<T>, settle: (value: T) => void): Command;
  /** An effect, or a call, whose result a recording has. */
  recorded(entry: JournalEntry, answer: TakenAnswer, settle: () => void): Command;
  timer(entry: JournalEntry, durationMs: number): Command;
  /** Must be called when an entry has its result. Crashes the process if the recording of the run says so. */
  settled(entry: JournalEntry): void;
}

interface Restartable {
  start(): void;
  stop(): void;
}

export function createEffects(record: JournalRecord, clock: VirtualClock): Effects {
  const running = new Map<JournalEntry, Restartable>();
  const crashes = createCrashes(running, clock);

  function settled(entry: JournalEntry): void {
    running.delete(entry);
    if (crashes.isDue(entry, true)) crashes.crash(entry);
  }

  /** Calls of other handlers do not run in the process. */
  function commandOf(entry: JournalEntry, effect: Restartable): Command {
    return {
      entry,
      start() {
        if (!entry.isCall) running.set(entry, effect);
        effect.start();
      },
      drop() {
        running.delete(entry);
        effect.stop();
      },
    };
  }

  return {
    settled,
    live(entry, act, settle) {
      const done = (value: Parameters<typeof settle>[0]) => {
        settle(value);
        settled(entry);
      };
      return commandOf(entry, liveEffect({ record, clock, entry }, act, done));
    },
    recorded(entry, answer, settle) {
      const arrive = () => {
        if (crashes.isDue(entry, false)) return crashes.crash(entry);
        settle();
        settled(entry);
      };
      return commandOf(entry, recordedEffect({ clock, entry }, answer, arrive));
    },
    timer(entry, durationMs) {
      const { afterMs = 0, rank } = entry.answer?.value === undefined ? {} : entry.answer;
      const settle = () => {
        record.settle(entry, {}, () => undefined);
        settled(entry);
      };
      const scheduled = clock.schedule(clock.now() + Math.max(durationMs, afterMs), settle, rank);
      // A dropped timer stays scheduled but becomes inactive, so that time is not skipped to reach it.
      return { entry, drop: () => void (scheduled.isActive = false) };
    },
  };
}

/** Crashes happen once each, at an entry with a recorded answer. */
function createCrashes(running: ReadonlyMap<JournalEntry, Restartable>, clock: VirtualClock) {
  const crashed = new Set<JournalEntry>();
  return {
    crash(entry: JournalEntry): void {
      crashed.add(entry);
      const interrupted = [...running.values()];
      for (const each of interrupted) each.stop();
      clock.jump(entry.answer?.crash?.downtimeMs ?? 0);
      for (const each of interrupted) each.start();
    },
    /** True if the process crashes now. */
    isDue: (entry: JournalEntry, isStored: boolean): boolean =>
      entry.answer?.crash?.isStored === isStored && !crashed.has(entry),
  };
}

interface Scene {
  readonly record: JournalRecord;
  readonly clock: VirtualClock;
  readonly entry: JournalEntry;
}

/** A dropped effect has no result, even if dropping made it fail. Any other failed effect ends the run. */
function liveEffect<T>(
  { record, clock, entry }: Scene,
  act: (signal: AbortSignal) => Promise<T>,
  settle: (value: T) => void,
): Restartable {
  let attempt = new AbortController();

  async function run({ signal }: AbortController): Promise<void> {
    using _work = clock.work();
    try {
      const value = await act(signal);
      if (!signal.aborted) settle(value);
    } catch (error) {
      if (!signal.aborted) record.arrive(entry, () => rethrow(error));
    }
  }

  return {
    start() {
      entry.starts += 1;
      attempt = new AbortController();
      void run(attempt);
    },
    stop: () => attempt.abort(new Error("The run no longer waits for this effect")),
  };
}

function rethrow(error: unknown): never {
  throw error;
}

function recordedEffect(
  { clock, entry }: Omit<Scene, "record">,
  { afterMs, rank }: TakenAnswer,
  arrive: () => void,
): Restartable {
  let timer: ScheduledTimer | undefined;
  return {
    start() {
      entry.starts += 1;
      if (afterMs <= 0) arrive();
      else timer = clock.schedule(clock.now() + afterMs, arrive, rank);
    },
    stop: () => timer?.cancel(),
  };
}
