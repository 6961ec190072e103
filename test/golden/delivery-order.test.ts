import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";
import * as restate from "@restatedev/restate-sdk";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonValue } from "../../src/base/json.ts";
import type { Journal, Pending } from "../../src/host/journal.ts";
import type { Arrival, Recording } from "../../src/recordings/recording.ts";
import { inOrder } from "../../src/replay/journal/matching.ts";
import { RecordedJournal } from "../../src/replay/journal/recorded-journal.ts";
import { startExecutor } from "../../src/restate/endpoint/executor-endpoint.ts";
import type { Executor } from "../../src/restate/endpoint/executor-endpoint.ts";
import { createRestateJournal } from "../../src/restate/endpoint/restate-journal.ts";
import { createSendThrottle } from "../../src/restate/endpoint/send-throttle.ts";
import { silentLogger } from "../../src/stores/testing/logger.ts";
import { splitMessages } from "../support/message-frames.ts";
import { readMessage, writeMessage } from "./messages.ts";
import type { ProtocolMessage } from "./messages.ts";

/**
 * Restate's SDK delivers the results of a journal in an order that recordings model (`src/host/delivery-order.ts`), and on which journals in
 * flight depend. Here random programs run over random journals on both.
 */
let executor: Executor;
let session: ClientHttp2Session;
let handle: (journal: Journal) => Promise<void> = async () => {};

beforeAll(async () => {
  const object = restate.object({
    name: "Order",
    handlers: {
      run: restate.handlers.object.shared({ explicitCancellation: true }, async (ctx: restate.ObjectSharedContext) => {
        await ctx.run("start", () => null);
        await handle(journalOver(ctx));
      }),
    },
  });
  executor = await startExecutor({
    host: "127.0.0.1",
    port: 0,
    services: [object],
    identityKey: undefined,
    logger: silentLogger,
  });
  session = connect(`http://127.0.0.1:${executor.port}`);
});

afterAll(async () => {
  session.destroy();
  await executor[Symbol.asyncDispose]();
});

test("a recording delivers results in the order of Restate's SDK", async () => {
  await fc.assert(
    fc.asyncProperty(program, async (generated) => {
      const { made, delivered } = await onRecording(generated);
      expect(await onRestate(generated, made)).toEqual(delivered);
    }),
    { numRuns: 300 },
  );
});

const kinds = ["run", "slot", "sleep", "send", "call", "signal"] as const;
type Kind = (typeof kinds)[number];

interface Round {
  readonly make: readonly Kind[];
  /** Whether the clock is read after the delivery. */
  readonly readsClock: boolean;
  /** Whether the first call that is outstanding is withdrawn after the delivery. */
  readonly withdraws: boolean;
}

interface Program {
  readonly rounds: readonly Round[];
  /** What arrives, in order. */
  readonly arrivals: readonly string[];
}

const program: fc.Arbitrary<Program> = fc
  .array(
    fc.record({
      make: fc.array(fc.constantFrom(...kinds), { maxLength: 4 }),
      readsClock: fc.boolean(),
      withdraws: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .chain((rounds) => {
    const names = ["start", "cancellation", ...rounds.flatMap(({ make }) => make).flatMap(resultsOf)];
    const clocks = rounds.filter(({ readsClock }) => readsClock).map(() => "clock");
    return fc.record({
      rounds: fc.constant(rounds),
      arrivals: fc.shuffledSubarray([...names, ...clocks], { minLength: names.length + clocks.length }),
    });
  });

function resultsOf(kind: Kind, number: number): readonly string[] {
  if (kind === "call") return [`invocation ${number}`, `call ${number}`];
  return kind === "slot" ? [`answer ${number}`, `slot ${number}`] : [`${kind} ${number}`];
}

/** Runs the program, and lists what is delivered until nothing more arrives. */
async function run(journal: Journal, { rounds }: Program, delivered: string[]): Promise<void> {
  const outstanding = new Map<string, Pending<string>>([
    ["cancellation", journal.cancellation().map(() => "cancellation")],
  ]);
  let number = 0;
  const left = [...rounds];
  while (left.length > 0 || outstanding.size > 0) {
    const { make = [], readsClock = false, withdraws = false } = left.shift() ?? {};
    for (const kind of make) {
      const name = `${kind} ${number}`;
      outstanding.set(name, madeOf(journal, kind, number).map(() => name));
      number += 1;
    }
    if (outstanding.size === 0) continue;
    const name = await journal.race([...outstanding.values()]);
    delivered.push(name);
    outstanding.delete(name);
    if (readsClock) await journal.race([journal.clock("clock")]);
    const call = withdraws ? [...outstanding.keys()].find((each) => each.startsWith("call ")) : undefined;
    if (call === undefined) continue;
    await outstanding.get(call)?.withdraw();
    outstanding.delete(call);
  }
}

function madeOf(journal: Journal, kind: Kind, number: number): Pending<unknown> {
  const name = `${kind} ${number}`;
  const callee = { object: "Workflow", key: "child", handler: "execute" } as const;
  if (kind === "run") return journal.run(name, never);
  if (kind === "slot") return journal.run(name, never, { host: `host${number}`, limits: {} });
  if (kind === "sleep") return journal.sleep(name, 1_000);
  if (kind === "send") return journal.send(name, callee, number, 0);
  return kind === "call" ? journal.call(name, callee, number) : journal.signal(name, name);
}

async function never(): Promise<never> {
  return await new Promise<never>(() => {});
}

async function onRecording(
  generated: Program,
): Promise<{ readonly made: readonly string[]; readonly delivered: readonly string[] }> {
  const calls = generated.rounds
    .flatMap(({ make }) => make)
    .map((kind, number) => ({ name: `${kind} ${number}`, operation: kind, result: { value: resultValue(kind) } }));
  const signals = calls.flatMap(({ name, operation, result }) => (operation === "signal" ? [{ name, result }] : []));
  const arrivals = generated.arrivals.map((name, place): Arrival => arrivalOf(name, place));
  const recording = { calls, signals, arrivals, start: { now: 0 } } as unknown as Recording;
  const made: string[] = [];
  const delivered: string[] = [];
  const recorded = new RecordedJournal(recording, inOrder(recording));
  await run(listing(recorded, made), generated, delivered).catch((error: unknown) => {
    if (!String(error).includes("exhausted")) throw error;
  });
  return { made, delivered };
}

function resultValue(kind: Kind): JsonValue {
  if (kind === "call") return { ok: true, value: null };
  return kind === "send" ? "inv_1" : null;
}

function arrivalOf(name: string, place: number): Arrival {
  const [kind, number = ""] = name.split(" ");
  if (kind === "start") return { barrier: "started" };
  if (kind === "cancellation") return { cancellation: true };
  if (kind === "clock") return { clock: place };
  if (kind === "invocation") return { invocation: Number(number) };
  if (kind === "answer") return { slot: Number(number) };
  return kind === "signal" ? { signal: name } : { call: Number(number) };
}

/** Announces each command, and lists the commands that Restate's journal has for it. */
function listing(journal: RecordedJournal, made: string[]): Journal {
  function announced(name: string): string {
    journal.announce({ operation: name.split(" ")[0] ?? "", arguments: null, stack: "" });
    made.push(...(name.startsWith("slot ") ? [name.replace("slot", "acquire")] : []), name);
    return name;
  }
  return {
    run: (name) => journal.run(announced(name)),
    sleep: (name) => journal.sleep(announced(name)),
    signal: (name, signal) => journal.signal(announced(name), signal),
    send: (name) => journal.send(announced(name)),
    call(name, callee) {
      const call = journal.call(announced(name), callee);
      return { ...call, map: (transform) => withdrawn(call.map(transform)) };
    },
    clock(name) {
      made.push(name);
      return journal.clock(name);
    },
    cancellation: () => journal.cancellation(),
    race: async (pending) => await journal.race(pending),
  };

  function withdrawn<T>(pending: Pending<T>): Pending<T> {
    const withdraw = async () => {
      made.push("cancel");
      await pending.withdraw();
    };
    return { ...pending, withdraw };
  }
}

async function onRestate(generated: Program, made: readonly string[]): Promise<readonly string[]> {
  const delivered: string[] = [];
  handle = async (journal) => await run(journal, generated, delivered);
  const request = session.request({
    ":method": "POST",
    ":path": "/invoke/Order/run",
    "content-type": "application/vnd.restate.invocation.v6",
  });
  request.end(Buffer.concat(messagesOf(generated, made).map(writeMessage)));
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { whole } = splitMessages(Buffer.concat(chunks));
  const failed = whole.map(readMessage).find(({ message }) => message === "Error");
  if (failed !== undefined) throw new Error(JSON.stringify(failed.fields));
  return delivered;
}

/** The journal: all commands, and then all results in their order. */
function messagesOf({ arrivals }: Program, made: readonly string[]): readonly ProtocolMessage[] {
  let completions = 0;
  const ids = new Map<string, number>();
  const nextId = (name: string) => {
    completions += 1;
    ids.set(name, completions);
    return completions;
  };
  let clocks = 0;
  const commands = ["start", ...made].map((name): ProtocolMessage => {
    const [kind, number = ""] = name.split(" ");
    const callee = { serviceName: "Workflow", handlerName: "execute", key: "child", name };
    const parameter = { json: Number(number) };
    if (kind === "sleep") return command("SleepCommand", { wakeUpTime: 1, resultCompletionId: nextId(name), name });
    if (kind === "send")
      return command("OneWayCallCommand", { ...callee, parameter, invocationIdNotificationIndex: nextId(name) });
    if (kind === "call") {
      const invocationIdNotificationIndex = nextId(`invocation ${number}`);
      const resultCompletionId = nextId(name);
      return command("CallCommand", { ...callee, parameter, invocationIdNotificationIndex, resultCompletionId });
    }
    if (kind === "cancel") return command("SendSignalCommand", { targetInvocationId: "inv_1", signalIndex: 1, void: {} });
    if (kind === "acquire") return command("RunCommand", { resultCompletionId: nextId(name), name });
    const id = kind === "clock" ? nextId(`clock ${clocks++}`) : nextId(name);
    return command("RunCommand", { resultCompletionId: id, name });
  });
  let readings = 0;
  const results = arrivals.flatMap((name) => notificationsOf(name === "clock" ? `clock ${readings++}` : name, ids));
  const input = command("InputCommand", { value: { content: { json: null } } });
  const entries = [input, ...commands, ...results];
  const start = command("Start", {
    id: { hex: "ae39392b346106d2b11aac0c2e63f385ec2b62d467c4ab3f" },
    debugId: "inv_1i1XnuCasr141W90Tu4N4v0nLaAP3YZlxD",
    knownEntries: entries.length,
    key: "k",
  });
  return [start, ...entries];
}

function notificationsOf(name: string, ids: ReadonlyMap<string, number>): readonly ProtocolMessage[] {
  const [kind] = name.split(" ");
  const value = { content: { json: null } };
  if (kind === "cancellation") return [command("Signal", { index: 1, void: {} })];
  if (kind === "signal" || kind === "answer") return [command("Signal", { name, value })];
  const completionId = ids.get(name);
  // The program never made it.
  if (completionId === undefined) return [];
  if (kind === "sleep") return [command("SleepCompletion", { completionId, void: {} })];
  if (kind === "call") return [command("CallCompletion", { completionId, value })];
  if (kind === "send" || kind === "invocation")
    return [command("CallInvocationIdCompletion", { completionId, invocationId: "inv_1" })];
  return [command("RunCompletion", { completionId, value })];
}

function command(message: ProtocolMessage["message"], fields: unknown): ProtocolMessage {
  return { message, fields: fields as ProtocolMessage["fields"] };
}

function journalOver(ctx: restate.Context): Journal {
  return createRestateJournal(ctx, {
    effects: {
      isRunning: false,
      next: () => ({ run: never, drop() {} }),
      orInterrupted: async (race: PromiseLike<unknown>) => await race,
    } as never,
    throttle: createSendThrottle(),
    hostSlots: {
      acquire({ host }) {
        const number = host.slice("host".length);
        void ctx.run(`acquire ${number}`, () => null);
        const answer = ctx.signal<never>(`answer ${number}`);
        return { answer, answered: () => ({ isGranted: true, at: 0 }), release() {} };
      },
      leave() {},
    },
    suspend() {},
  });
}
