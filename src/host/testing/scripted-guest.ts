import { setImmediate } from "node:timers/promises";
import type { JsonValue } from "../../base/json.ts";
import type { LogLevel } from "../../domain/log-line.ts";
import type { Guest, GuestCall, GuestContext, GuestLog, Settlement, Turn } from "../guest.ts";

/**
 * Guests for tests, without a sandbox: a well-behaved one that runs a program of plain promises as the guest
 * runtime would, and one whose every turn is written down.
 */

/** What a program can ask for: the least that the guest runtime has to build on. */
export interface ProgramHost {
  readonly context: GuestContext;
  readonly payload: JsonValue;
  readonly call: (operation: string, given: JsonValue) => HostPromise;
  readonly log: (level: LogLevel, ...values: readonly JsonValue[]) => void;
  /** The guest's clock: milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** The answer to a call, and its way back: an abandoned promise never settles. */
export interface HostPromise extends Promise<JsonValue> {
  abandon(): void;
}

export type Program = (host: ProgramHost) => Promise<JsonValue>;

/** Runs `program`. A turn is over when all microtasks are drained. */
export function createProgramGuest(program: Program): Guest {
  const calls = new Map<number, PromiseWithResolvers<JsonValue>>();
  let turn = emptyTurn();
  let nextId = 0;
  let clock = 0;

  function call(operation: string, given: JsonValue): HostPromise {
    const id = nextId++;
    const answer = Promise.withResolvers<JsonValue>();
    calls.set(id, answer);
    // As in the engine, an unhandled rejection has no effect.
    answer.promise.catch(() => {});
    turn.calls.push({ id, operation, arguments: jsonBytes(given), body: new Uint8Array() });
    return Object.assign(answer.promise, { abandon: () => void turn.abandoned.push(id) });
  }

  async function finishTurn(): Promise<Turn> {
    // Microtasks run out before the next immediate does.
    await setImmediate();
    const finished = turn;
    turn = emptyTurn();
    return finished;
  }

  return {
    fuelUsed: 0,
    async run(context, payload) {
      clock = context.now;
      const host: ProgramHost = {
        context,
        payload: JSON.parse(new TextDecoder().decode(payload)) as JsonValue,
        call,
        log: (level, ...values) => turn.logs.push({ level, line: jsonBytes(values) }),
        now: () => clock,
      };
      program(host).then(
        (value) => (turn.completion ??= { ok: true, json: jsonBytes(value) }),
        (error: Error) => (turn.completion ??= { ok: false, json: failureBytes(error) }),
      );
      return await finishTurn();
    },
    async settle({ id, now, outcome }) {
      // The guest runtime would not let it go back; that the driver does not ask for it is what is tested.
      clock = now;
      settleCall(calls.get(id), outcome);
      calls.delete(id);
      return await finishTurn();
    },
    async cancel(now) {
      clock = now;
      for (const call of calls.values()) call.reject(new Error("The execution was cancelled"));
      calls.clear();
      return await finishTurn();
    },
    [Symbol.dispose]() {},
  };
}

/** Says `turns` in order, whatever it is answered; after the last one it is silent. */
export function createHostileGuest(turns: readonly Partial<Turn>[]): Guest & {
  /** What it was answered. */
  readonly settlements: readonly Settlement[];
} {
  const settlements: Settlement[] = [];
  const rest = turns.values();
  const next = async () => ({ ...emptyTurn(), ...rest.next().value });
  return {
    fuelUsed: 0,
    settlements,
    run: next,
    async settle(settlement) {
      settlements.push(settlement);
      return await next();
    },
    cancel: next,
    [Symbol.dispose]() {},
  };
}

/** A call as a guest makes it. */
export function guestCall(id: number, operation: string, given: JsonValue, body?: Uint8Array): GuestCall {
  return { id, operation, arguments: jsonBytes(given), body: body ?? new Uint8Array() };
}

export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

interface OpenTurn extends Turn {
  readonly calls: GuestCall[];
  readonly abandoned: number[];
  readonly logs: GuestLog[];
  completion?: NonNullable<Turn["completion"]>;
}

function emptyTurn(): OpenTurn {
  return { calls: [], abandoned: [], logs: [] };
}

function failureBytes({ name, message }: Error): Uint8Array {
  return jsonBytes({ name, message, stack: "at run (orders.js:1:1)" });
}

function settleCall(call: PromiseWithResolvers<JsonValue> | undefined, outcome: Uint8Array): void {
  const settled = JSON.parse(new TextDecoder().decode(outcome)) as
    | { readonly ok: true; readonly value: JsonValue }
    | { readonly ok: false; readonly error: { readonly message: string } };
  if (settled.ok) call?.resolve(settled.value);
  else call?.reject(new Error(settled.error.message));
}
