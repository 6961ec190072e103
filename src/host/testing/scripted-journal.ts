import type { JsonValue } from "../../base/json.ts";
import type { Journal, Pending } from "../journal.ts";

/**
 * A journal for tests: it keeps in memory what Restate would keep on disk, under the same contract. Which
 * result arrives when is up to the script; a record that was made once can be replayed, whole or cut off
 * anywhere, and a driver that then does anything else than before is found out.
 */
export interface ScriptedJournal extends Journal {
  readonly record: JournalRecord;
  /** The commands whose results were given up, by number. */
  readonly dropped: ReadonlySet<number>;
}

/** What outlives an attempt. */
export interface JournalRecord {
  readonly commands: readonly JournalCommand[];
  /** In the order in which they arrived. */
  readonly results: readonly JournalResult[];
}

export interface JournalCommand {
  readonly kind: "run" | "sleep" | "cancellation";
  readonly name: string;
}

export interface JournalResult {
  /** The number of its command. */
  readonly command: number;
  /** `null` where the command is no `run`. */
  readonly value: JsonValue;
}

/** A command that takes part in a race and has no result yet. */
export interface OpenCommand extends JournalCommand {
  readonly command: number;
}

export interface Script {
  /** What the attempts before this one left behind. */
  readonly record?: JournalRecord;
  /**
   * Returns which of `open` get their results next, in order. Results after the first are in the journal before the driver
   * waits for them. Defaults to the first command that is not the cancellation.
   */
  readonly arrive?: (open: readonly OpenCommand[]) => readonly OpenCommand[];
  /** The attempt is over when the journal holds as many results and another one is asked for. */
  readonly maxResults?: number;
}

/** The attempt is over, as after a crash. */
export class AttemptOver extends Error {
  override readonly name = "AttemptOver";
}

/** The driver broke the contract of the journal, or did not do again what it did before. */
class JournalMisused extends Error {
  override readonly name = "JournalMisused";
}

export function createScriptedJournal(script: Script = {}): ScriptedJournal {
  const { record = { commands: [], results: [] }, arrive = firstCall, maxResults = Infinity } = script;
  const commands: JournalCommand[] = [];
  const results: JournalResult[] = [...record.results];
  const effects = new Map<number, () => Promise<JsonValue>>();
  const delivered = new Set<number>();
  const dropped = new Set<number>();

  function addCommand(command: JournalCommand): number {
    const number = commands.push(command) - 1;
    const before = record.commands[number] ?? command;
    if (before.kind === command.kind && before.name === command.name) return number;
    throw new JournalMisused(`Command ${number} was ${describe(before)} and is now ${describe(command)}`);
  }

  async function arriveNext(racing: ReadonlySet<number>): Promise<void> {
    if (results.length >= maxResults) throw new AttemptOver("The script ends here");
    const open = commands
      .map((command, number) => ({ ...command, command: number }))
      .filter(({ command }) => racing.has(command));
    const arriving = arrive(open);
    if (arriving.length === 0) throw new AttemptOver("The script has no result for any open command");
    for (const { command } of arriving) results.push({ command, value: await resultOf(command) });
  }

  async function resultOf(number: number): Promise<JsonValue> {
    const value = (await effects.get(number)?.()) ?? null;
    // What was written is read again as JSON, and nothing that only looked like it.
    return JSON.parse(JSON.stringify(value)) as JsonValue;
  }

  async function race<T>(pending: readonly Pending<T>[]): Promise<T> {
    const racing = new Map(pending.map((each) => [scripted(each).number, scripted(each)]));
    const numbers = new Set(racing.keys());
    const misused = [...numbers].find((number) => delivered.has(number) || dropped.has(number));
    if (misused !== undefined)
      throw new JournalMisused(`Command ${misused} is raced, but its result is gone`);
    for (;;) {
      const first = results.find(({ command }) => racing.has(command));
      const winner = racing.get(first?.command ?? -1);
      if (first !== undefined && winner !== undefined) {
        delivered.add(first.command);
        return winner.transform(first.value);
      }
      await arriveNext(numbers);
    }
  }

  return {
    record: { commands, results },
    dropped,
    run(name, effect) {
      const number = addCommand({ kind: "run", name });
      const controller = new AbortController();
      effects.set(number, () => effect(controller.signal));
      return pendingOf(
        number,
        (value) => value,
        () => {
          dropped.add(number);
          controller.abort();
        },
      );
    },
    sleep(name) {
      const number = addCommand({ kind: "sleep", name });
      return pendingOf(
        number,
        () => {},
        () => dropped.add(number),
      );
    },
    signal: () => notScripted("signal"),
    call: () => notScripted("call"),
    send: () => notScripted("send"),
    clock(name) {
      const number = addCommand({ kind: "run", name });
      effects.set(number, async () => clockTime);
      return pendingOf(
        number,
        (value) => value as number,
        () => dropped.add(number),
      );
    },
    cancellation() {
      const number = addCommand({ kind: "cancellation", name: "cancellation" });
      return pendingOf(
        number,
        () => {},
        () => dropped.add(number),
      );
    },
    race,
  };
}

/** What the journal's clock shows: milliseconds since the Unix epoch, far after scripted executions begin. */
export const clockTime = 1_000_000;

interface ScriptedPending<T> extends Pending<T> {
  readonly number: number;
  readonly transform: (value: JsonValue) => T;
}

function pendingOf<T>(
  number: number,
  transform: (value: JsonValue) => T,
  drop: () => void,
): ScriptedPending<T> {
  const map = <U>(next: (value: T) => U) => pendingOf(number, (value) => next(transform(value)), drop);
  return { number, transform, drop, map, withdraw: async () => drop() };
}

function notScripted(what: string): never {
  throw new JournalMisused(`This journal has no ${what}`);
}

function scripted<T>(pending: Pending<T>): ScriptedPending<T> {
  return pending as ScriptedPending<T>;
}

function firstCall(open: readonly OpenCommand[]): readonly OpenCommand[] {
  return open.filter(({ kind }) => kind !== "cancellation").slice(0, 1);
}

function describe({ kind, name }: JournalCommand): string {
  return `${kind} "${name}"`;
}
