import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/**
 * Which execution a thread is in a turn of, in a file: what is written there outlives a process that is killed in the
 * middle of the turn. Nothing is synced, since only the process is thought to die: a note takes 2 µs.
 */
export interface TurnMarkers {
  begin(turn: MarkedTurn): void;
  end(): void;
}

export interface MarkedTurn {
  /** Whose turn it is. */
  readonly owner: string;
  /** How many there were before it. */
  readonly turn: number;
}

const noteBytes = 160;

/**
 * What a thread that serves many does for each of them, in a file of the same kind. Work that ends leaves its note until the
 * event loop comes round: what is done with its result in the same moment belongs to it.
 */
export interface WorkMarkers extends Disposable {
  /** Disposing it ends the work. */
  begin(owner: string, turn: number): Disposable;
}

/** How many owners a note holds; of more that are busy at once, these are held responsible. */
const maxNotedOwners = 16;

/** A name for the notes of one thread of this process. */
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
  /** How many pieces of work are under way, for each owner and turn. */
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
 * What was under way in processes that are no more, one list for each thread that had something. The notes are gone
 * after that. Those of another machine are left alone: whether it lives cannot be seen from here.
 */
export function takeTurnMarkers(directory: string): readonly MarkedTurn[] {
  mkdirSync(directory, { recursive: true });
  return readdirSync(directory).flatMap((name) => {
    const [pid = "", , ...host] = name.split(".");
    if (host.join(".") !== hostname() || isAlive(Number(pid))) return [];
    const path = join(directory, name);
    const notes = readFileSync(path, "utf8").trim().split("\n");
    rmSync(path, { force: true });
    return notes.flatMap((note) => {
      const [owner = "", turn = ""] = note.split(" ");
      return owner === "" || turn === "" ? [] : [{ owner, turn: Number(turn) }];
    });
  });
}

/** Containers give the same number to each process: ours is not that of an older one. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
