/**
 * What an execution has learned, in the order in which it learned it. Two attempts of one execution that
 * come to different histories are a replay that went wrong, whatever comes of it.
 *
 * This file is deployed with every program, and runs inside the sandbox.
 */
export interface Entry {
  readonly is: "began" | "ended" | "said";
  /** Where in the program. */
  readonly at: string;
  /** The guest's clock then. */
  readonly now: number;
  /** A number drawn then. */
  readonly drawn: number;
  /** The outcome, if the verdict depends on it; for a console line, its level. */
  readonly what?: unknown;
}

export type Level = "debug" | "info" | "warn" | "error";

export interface Diary {
  readonly history: readonly Entry[];
  /** Whether anything was rejected because the execution was cancelled. */
  readonly sawCancellation: boolean;
  /** What was under way when the execution was cancelled, and still is: it was not told. */
  deaf(): readonly string[];
  note(is: Entry["is"], at: string, what?: unknown): Entry;
  /** Notes when what was begun at a place ended, whether well or not. */
  follow<T>(at: string, promise: Promise<T>, tell?: (value: T) => unknown): Promise<T>;
  /** Writes a line to the console. */
  say(level: Level, at: string): void;
}

export function openDiary(): Diary {
  const history: Entry[] = [];
  const underWay = new Set<string>();
  /** What was under way when it was cancelled. */
  let interrupted: readonly string[] | undefined;

  function note(is: Entry["is"], at: string, what?: unknown): Entry {
    const drawn = Math.floor(Math.random() * 1_000_000);
    const entry = { is, at, now: Date.now(), drawn, ...(what === undefined ? {} : { what }) };
    history.push(entry);
    return entry;
  }

  async function follow<T>(at: string, promise: Promise<T>, tell: (value: T) => unknown = () => undefined) {
    underWay.add(at);
    try {
      const value = await promise;
      note("ended", at, tell(value));
      return value;
    } catch (error) {
      note("ended", at, (error as Error).name);
      if ((error as Error).name === "CancelledError") interrupted ??= [...underWay];
      throw error;
    } finally {
      underWay.delete(at);
    }
  }

  return {
    history,
    get sawCancellation() {
      return interrupted !== undefined;
    },
    deaf: () => (interrupted ?? []).filter((at) => underWay.has(at)),
    note,
    follow,
    say(level, at) {
      const { drawn } = note("said", at, level);
      console[level]("at", at, { drawn });
    },
  };
}
