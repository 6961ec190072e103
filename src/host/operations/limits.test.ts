import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../base/json.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Journal } from "../journal.ts";
import { parseEgressAllow } from "../network/egress.ts";
import { createHttpClient } from "../network/undici-client.ts";
import { orders, unrestricted } from "../testing/executions.ts";
import { startHttpServer } from "../testing/loopback-server.ts";
import { createScriptedJournal } from "../testing/scripted-journal.ts";
import { createFetchOperation } from "./fetch.ts";
import type { Operation } from "./operation.ts";
import { stateOperation } from "./state.ts";

/** The limits of an execution that its operations hold it to: what just fits, and what is one more. */
describe("at the limit", () => {
  test("a response body is received, and one more byte is an error that names the limit", async () => {
    await using server = await startHttpServer((_request, response) => response.end("0123456789"));
    await using http = createHttpClient({ policy: parseEgressAllow("127.0.0.1:*") });
    const operation = createFetchOperation({ http, ...unrestricted, clock: () => 0 });
    const fetched = async (fetchResponseBytes: number) => {
      const journal = createScriptedJournal();
      const start = prepared(operation, { url: server.origin });
      return await journal.race([start(journal, 0, askingWithin({ fetchResponseBytes }))]);
    };
    expect(await fetched(10)).toMatchObject({ ok: true, value: { status: 200 } });
    expect(await fetched(9)).toMatchObject({
      ok: false,
      error: {
        code: "limit-exceeded",
        message: expect.stringContaining("larger than 9 bytes (fetchResponseBytes)"),
      },
    });
  });

  test("a request body has the limit of its execution", () => {
    const http = { fetch: () => Promise.reject(new Error("unused")), [Symbol.asyncDispose]: async () => {} };
    const { bodyLimit } = createFetchOperation({ http, ...unrestricted, clock: () => 0 });
    expect(bodyLimit?.({ ...defaultExecutionLimits, fetchRequestBytes: 5 })).toEqual({
      fetchRequestBytes: 5,
    });
  });

  test.each<[action: string, given: Readonly<Record<string, JsonValue>>]>([
    ["set", {}],
    ["update", { revision: null }],
  ])("ctx.state.%s stores a value, and rejects one more byte without a call", async (action, more) => {
    const given = { action, key: "a", value: "ü", ...more };
    expect(await stateWithin(4, given)).toEqual({ called: true });
    expect(await stateWithin(3, given)).toEqual({
      called: false,
      outcome: {
        ok: false,
        now: 7,
        error: {
          name: "RangeError",
          code: "limit-exceeded",
          message: 'The value of ctx.state "a" has 4 bytes, and the limit is 3 (stateValueBytes)',
        },
      },
    });
  });
});

/** Whether the state was called, or else how it was refused. */
async function stateWithin(stateValueBytes: number, given: JsonValue): Promise<object> {
  const scripted = createScriptedJournal();
  let called = false;
  const journal: Journal = {
    ...scripted,
    call: () => {
      called = true;
      return scripted.run("call", async () => null) as never;
    },
  };
  const pending = prepared(stateOperation, given)(journal, 7, askingWithin({ stateValueBytes }));
  return called ? { called } : { called, outcome: await scripted.race([pending]) };
}

function prepared(operation: Operation, given: JsonValue) {
  const start = operation.prepare(given, new Uint8Array());
  if (start === undefined) throw new Error(`These are no arguments of ${operation.name}`);
  return start;
}

function askingWithin(limits: Partial<ExecutionLimits>) {
  return { ...orders, limits: { ...defaultExecutionLimits, ...limits } };
}
