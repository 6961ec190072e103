import { connect } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import * as restate from "@restatedev/restate-sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Journal } from "../../src/host/journal.ts";
import { AttemptEffects } from "../../src/restate/endpoint/attempt-effects.ts";
import { createEffectsInFlight } from "../../src/restate/endpoint/effects-in-flight.ts";
import { startExecutor } from "../../src/restate/endpoint/executor-endpoint.ts";
import type { Executor } from "../../src/restate/endpoint/executor-endpoint.ts";
import { createRestateJournal } from "../../src/restate/endpoint/restate-journal.ts";
import { createSendThrottle } from "../../src/restate/endpoint/send-throttle.ts";
import { silentLogger } from "../../src/stores/testing/logger.ts";
import { splitMessages } from "../support/message-frames.ts";
import { readMessage, writeMessage } from "./messages.ts";
import type { MessageName, ProtocolMessage } from "./messages.ts";

/** What a handler receives before Restate has recorded it. The test is Restate, and decides what is recorded and when. */
let executor: Executor;
let session: ClientHttp2Session;
let handle: (journal: Journal) => Promise<void> = async () => {};

beforeAll(async () => {
  const object = restate.object({
    name: "Early",
    handlers: {
      run: restate.handlers.object.shared({ explicitCancellation: true }, async (ctx: restate.ObjectSharedContext) => {
        await handle(journalOver(ctx));
      }),
    },
  });
  const options = { host: "127.0.0.1", port: 0, identityKey: undefined, logger: silentLogger };
  executor = await startExecutor({ ...options, services: [object] });
  session = connect(`http://127.0.0.1:${executor.port}`);
});

afterAll(async () => {
  session.destroy();
  await executor[Symbol.asyncDispose]();
});

test("a result is delivered when it is sent, and counts as recorded when Restate has it", async () => {
  const { delivered, isRecorded, attempt } = begin(["run"]);
  expect(await delivered).toEqual({ a: 1 });
  expect(isRecorded()).toBe(false);
  attempt.record("RunCompletion", { completionId: 1, value: { content: { json: { a: 1 } } } });
  expect(await attempt.ending).toBe("End");
  expect(isRecorded()).toBe(true);
});

test("an attempt is interrupted if a cancellation was recorded before the result that was delivered", async () => {
  const { delivered, isRecorded, attempt } = begin(["run"]);
  await delivered;
  attempt.record("Signal", { index: 1, void: {} });
  expect(await attempt.ending).toBe("Error");
  expect(isRecorded()).toBe(false);
});

test("Restate decides what is first if a timer takes part", async () => {
  const { delivered, attempt } = begin(["run", "sleep"]);
  await attempt.said("ProposeRunCompletion");
  attempt.record("SleepCompletion", { completionId: 2, void: {} });
  expect(await delivered).toBe("sleep");
  expect(await attempt.ending).toBe("End");
});

/** Begins an attempt that makes these commands and awaits the first result. */
function begin(make: readonly ("run" | "sleep")[]) {
  const { promise: delivered, resolve } = Promise.withResolvers<unknown>();
  let isRecorded = false;
  handle = async (journal) => {
    const commands = make.map((kind) =>
      kind === "run" ? journal.run(kind, async () => ({ a: 1 })) : journal.sleep(kind, 60_000).map(() => kind),
    );
    resolve(await journal.race<unknown>([journal.cancellation().map(() => "cancelled"), ...commands]));
    await journal.recorded();
    isRecorded = true;
  };
  return { delivered, isRecorded: () => isRecorded, attempt: openAttempt() };
}

function openAttempt() {
  const stream = session.request({
    ":method": "POST",
    ":path": "/invoke/Early/run",
    "content-type": "application/vnd.restate.invocation.v6",
  });
  const record = (message: MessageName, fields: unknown) =>
    void stream.write(writeMessage({ message, fields: fields as ProtocolMessage["fields"] }));
  record("Start", {
    id: { hex: "ae39392b346106d2b11aac0c2e63f385ec2b62d467c4ab3f" },
    debugId: "inv_1i1XnuCasr141W90Tu4N4v0nLaAP3YZlxD",
    knownEntries: 1,
    key: "k",
  });
  record("InputCommand", { value: { content: { json: null } } });
  return { record, ...listen(stream) };
}

/** `said` resolves when the handler has sent such a message, `ending` with its last one. */
function listen(stream: ClientHttp2Stream) {
  const waits = new Map<MessageName, () => void>();
  const said = async (name: MessageName) => await new Promise<void>((resolve) => waits.set(name, resolve));
  const read = async (): Promise<MessageName | undefined> => {
    let bytes = Buffer.alloc(0);
    let last: MessageName | undefined;
    for await (const chunk of stream) {
      const { whole, rest } = splitMessages(Buffer.concat([bytes, chunk as Buffer]));
      bytes = Buffer.from(rest);
      for (const { message } of whole.map(readMessage)) {
        last = message;
        waits.get(message)?.();
        if (message === "End" || message === "Error") stream.end();
      }
    }
    return last;
  };
  return { said, ending: read() };
}

function journalOver(ctx: restate.Context): Journal {
  return createRestateJournal(ctx, {
    effects: new AttemptEffects({
      executionId: ctx.request().id,
      connection: { keepOpenWhile() {}, mayMissResults: () => false },
      inFlight: createEffectsInFlight(),
      attemptEnded: ctx.request().attemptCompletedSignal,
    }),
    throttle: createSendThrottle(),
    hostSlots: { acquire: () => expect.unreachable(), leave() {} },
    suspend() {},
  });
}
