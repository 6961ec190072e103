import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/**
 * Marks in a file which execution a thread runs a turn of. The file outlives a process that is killed in the
 * middle of the turn. Writes are not synced, because the marker has to survive a crash of the process and not
 * of the machine.
 */
export interface TurnMarkers {
  begin(turn: MarkedTurn): void;
  end(): void;
}

export interface MarkedTurn {
  /** The execution that the turn belongs to. */
  readonly owner: string;
  /** The number of turns before it. */
  readonly turn: number;
}

const noteBytes = 160;

/**
 * Marks in the same kind of file what a thread does for several executions concurrently. The marker of work
 * that has ended stays until the next iteration of the event loop, because handling its result in the same
 * iteration may crash as well.
 */
export interface WorkMarkers extends Disposable {
  /** Disposing the result ends the work. */
  begin(owner: string, turn: number): Disposable;
}

/** The maximum number of owners in a marker. If more are busy concurrently, these are held responsible. */
const maxNotedOwners = 16;

/** Returns a file name for the markers of one thread of this process. */
export function turnMarkersPath(directory: string): string {
  mkdirSync(directory, { recursive: true });
  return join(directory, `${process.pid}.${randomUUID()}.${hostname()}`);
}

export function openTurnMarkers(path: string): TurnMarkers {
  const file = openSync(path, "w");
  const write = (text: string) => void writeSync(file, text.padEnd(noteBytes), 0);
  return {
    begin: ({ owner, turn }) => write(`${owner} ${turn}`),
    end: () => write(""),
  };
}

export function openWorkMarkers(path: string): WorkMarkers {
  const file = openSync(path, "w");
  /** The pieces of work in flight, counted by owner and turn. */
  const underWay = new Map<string, number>();
  const ended: string[] = [];
  let written = "";
  let isOpen = true;

  function write(): void {
    const text = [...underWay.keys()].slice(0, maxNotedOwners).join("\n");
    if (isOpen && text !== written) writeSync(file, text.padEnd(maxNotedOwners * noteBytes), 0);
    written = text;
  }

  function removeEnded(): void {
    for (const note of ended.splice(0)) {
      const left = (underWay.get(note) ?? 0) - 1;
      if (left > 0) underWay.set(note, left);
      else underWay.delete(note);
    }
    write();
  }

  return {
    begin(owner, turn) {
      const note = `${owner} ${turn}`;
      underWay.set(note, (underWay.get(note) ?? 0) + 1);
      write();
      return {
        [Symbol.dispose]() {
          if (ended.push(note) === 1) setImmediate(removeEnded);
        },
      };
    },
    [Symbol.dispose]() {
      isOpen = false;
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
}

/**
 * Returns and removes the markers of processes that have ended: a list for each process, of what its threads had in
 * flight. Markers of other machines are left alone, because this machine cannot see whether their processes live.
 */
export function takeTurnMarkers(directory: string): readonly (readonly MarkedTurn[])[] {
  mkdirSync(directory, { recursive: true });
  const taken = new Map<string, MarkedTurn[]>();
  for (const name of readdirSync(directory)) {
    const [pid = "", , ...host] = name.split(".");
    if (host.join(".") !== hostname() || isAlive(Number(pid))) continue;
    const turns = taken.get(pid) ?? [];
    taken.set(pid, turns);
    turns.push(...takeTurns(join(directory, name)));
  }
  return [...taken.values()].filter((turns) => turns.length > 0);
}

function takeTurns(path: string): readonly MarkedTurn[] {
  const notes = takeFile(path)?.trim().split("\n") ?? [];
  return notes.flatMap((note) => {
    const [owner = "", turn = ""] = note.split(" ");
    return owner === "" || turn === "" ? [] : [{ owner, turn: Number(turn) }];
  });
}

/** Undefined if another process took the file. */
function takeFile(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    rmSync(path);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * In containers each new process may get the same PID: a marker with the PID of this process belongs to an
 * earlier one.
 */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
