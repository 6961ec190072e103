import { randomUUID } from "node:crypto";
import { mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/**
 * Which execution a thread is in a turn of, in a file: what is written there outlives a process that is killed in the
 * middle of the turn. Nothing is synced, since only the process is thought to die: a note takes 2 µs.
 */
export interface TurnNotes {
  begin(turn: NotedTurn): void;
  end(): void;
}

export interface NotedTurn {
  /** Whose turn it is. */
  readonly owner: string;
  /** How many there were before it. */
  readonly turn: number;
}

const noteBytes = 160;

/** A name for the notes of one thread of this process. */
export function turnNotesPath(directory: string): string {
  mkdirSync(directory, { recursive: true });
  return join(directory, `${process.pid}.${randomUUID()}.${hostname()}`);
}

export function openTurnNotes(path: string): TurnNotes {
  const file = openSync(path, "w");
  const write = (text: string) => void writeSync(file, text.padEnd(noteBytes), 0);
  return {
    begin: ({ owner, turn }) => write(`${owner} ${turn}`),
    end: () => write(""),
  };
}

/**
 * What was under way in processes that are no more, one list for each thread that had something. The notes are gone
 * after that. Those of another machine are left alone: whether it lives cannot be seen from here.
 */
export function takeTurnNotes(directory: string): readonly NotedTurn[] {
  mkdirSync(directory, { recursive: true });
  return readdirSync(directory).flatMap((name) => {
    const [pid = "", , ...host] = name.split(".");
    if (host.join(".") !== hostname() || isAlive(Number(pid))) return [];
    const path = join(directory, name);
    const [owner = "", turn = ""] = readFileSync(path, "utf8").trim().split(" ");
    rmSync(path, { force: true });
    return owner === "" || turn === "" ? [] : [{ owner, turn: Number(turn) }];
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
