import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { LogLine } from "../../domain/log-line.ts";
import { drive } from "../driver/driver.ts";
import type { DriveResult } from "../driver/driver.ts";
import type { Guest, GuestContext, Turn } from "../guest.ts";
import type { Journal } from "../journal.ts";
import { createHostileGuest, createProgramGuest, jsonBytes } from "./scripted-guest.ts";
import type { Program } from "./scripted-guest.ts";
import { createScriptedJournal } from "./scripted-journal.ts";
import type { Script, ScriptedJournal } from "./scripted-journal.ts";
import { createScriptedOperations, startTime } from "./scripted-operations.ts";

/** The real driver between a scripted guest and a scripted journal. */
export interface Driven {
  readonly result: DriveResult;
  readonly journal: ScriptedJournal;
  /** The keys of the effects that ran, in order. */
  readonly effects: readonly string[];
  readonly logs: readonly LogLine[];
}

export const scriptedContext: GuestContext = {
  workflowId: "orders",
  version: 1,
  executionId: "inv_1",
  seed: new Uint8Array(32),
  now: startTime,
  callbackUrl: "https://duranium.example/callbacks/",
};

export const scriptedPayload = jsonBytes({ order: 7 });

/** The payload is `scriptedPayload`. Rejects as `drive` does. */
export async function driveGuest(
  guest: Guest,
  script: Script = {},
  limits: Partial<ExecutionLimits> = {},
): Promise<Driven> {
  const { result, ...attempt } = await attemptGuest(guest, script, { limits });
  if (result === undefined) throw attempt.error;
  return { result, ...attempt };
}

/** An attempt that may end before the execution does. */
export type Attempt = Omit<Driven, "result"> & { readonly result?: DriveResult; readonly error?: unknown };

export async function attemptGuest(
  guest: Guest,
  script: Script,
  {
    through = (journal) => journal,
    limits,
  }: {
    /** What stands between the driver and the scripted journal. */
    readonly through?: (journal: Journal) => Journal;
    /** The defaults, but for these. */
    readonly limits?: Partial<ExecutionLimits>;
  } = {},
): Promise<Attempt> {
  const { operations, effects } = createScriptedOperations();
  const scripted = createScriptedJournal(script);
  const journal = through(scripted);
  const logs: LogLine[] = [];
  const log = (line: LogLine) => logs.push(line);
  try {
    const result = await drive({
      guest,
      journal,
      operations,
      context: scriptedContext,
      payload: scriptedPayload,
      limits: { ...defaultExecutionLimits, ...limits },
      log,
    });
    return { result, journal: scripted, effects, logs };
  } catch (error) {
    return { error, journal: scripted, effects, logs };
  }
}

export async function driveProgram(program: Program, script?: Script): Promise<Driven> {
  return await driveGuest(createProgramGuest(program), script);
}

/** A guest that says these turns, whatever it is answered. */
export async function driveTurns(...turns: readonly Partial<Turn>[]): Promise<Driven> {
  return await driveTurnsWithin({}, turns);
}

/** The limits are the defaults but for those that are given. */
export async function driveTurnsWithin(
  limits: Partial<ExecutionLimits>,
  turns: readonly Partial<Turn>[],
): Promise<Driven> {
  return await driveGuest(createHostileGuest(turns), {}, limits);
}

/** The names of the journal's commands, in order. */
export function commandNames({ journal }: Driven): readonly string[] {
  return journal.record.commands.map(({ name }) => name);
}
