import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { compiledTestEngine, testEngineStore } from "../../../test/support/engine.ts";
import { computeForJco } from "../../../test/support/portable-guest.ts";
import type { GuestContext, Settlement } from "../../host/guest.ts";
import { createNativeBundler } from "../compile/bundler/native-bundler.ts";
import { compute } from "../crypto/compute.ts";
import { answer, bytesOf, testContext, textOf } from "../testing/images.ts";
import { instantiateCore } from "./glue.ts";

/** A component's exports, as jco's glue has them. */
interface JcoGuest {
  evaluate(source: string): void;
  run(context: GuestContext, payload: Uint8Array): void;
  settle(id: number, now: number, outcome: Uint8Array, body: Uint8Array): void;
  cancel(now: number): void;
}

interface JcoGlue {
  instantiate(
    getCoreModule: (name: string) => Promise<WebAssembly.Module>,
    imports: Readonly<Record<string, unknown>>,
  ): Promise<JcoGuest>;
}

const source = `
export async function run(ctx, payload) {
  console.log("begun", ctx, payload);
  console.error("späť → 🚚");
  const cleanedUp = ctx.sleep("1d").catch((error) => [error.name, error.code, Date.now()]);
  const aborted = new AbortController();
  const [a, b] = await Promise.all([
    fetch("https://api.example.com/a", { method: "POST", body: "körper" }).then((response) => response.text()),
    ctx.sleep(1000),
    Promise.race([ctx.sleep("1h", { signal: aborted.signal }), Promise.resolve().then(() => aborted.abort())])
      .catch((error) => console.warn(error.name)),
  ]);
  const { compute } = globalThis[Symbol.for("duranium.crypto")];
  const digest = compute("digest", { hash: "SHA-256" }, new TextEncoder().encode(a)).toHex();
  const refused = [["nothing", {}], ["hmac", { hash: "none" }, new Uint8Array(), new Uint8Array(5)]].map((request) => {
    try { return compute(...request); } catch (error) { return String(error); }
  });
  return { a, b, digest, refused, cleanedUp: await cleanedUp, entryPoint: ctx.entryPoint ?? null, random: Math.random(), id: crypto.randomUUID(), now: Date.now() };
}`;

const cancelledAt = testContext.now + 60_000;

const response: Settlement = {
  ...answer(1, {
    url: "https://api.example.com/a",
    status: 200,
    statusText: "OK",
    headers: [],
    redirected: false,
  }),
  body: new TextEncoder().encode("antwört"),
};

test.each([
  ["with an entry point", testContext],
  ["without one", withoutEntryPoint(testContext)],
])("Duranium's glue makes the same calls as jco's %s", async (_, context) => {
  const ours = await recordOurs(context);
  expect(ours.some((line) => line.startsWith("complete"))).toBe(true);
  expect(ours.filter((line) => line.startsWith("call"))).toHaveLength(4);
  expect(ours).toEqual(await recordJco(context));
});

test("Duranium's glue reports a failed evaluation as jco's does", async () => {
  const broken = new TextEncoder().encode("throw new TypeError('at the top')");
  const ours = instantiateCore(await compiledTestEngine()).evaluate(broken);
  const jco = await instantiateJco([]);
  expect(() => jco.evaluate(textOf(broken))).toThrow(expect.objectContaining({ payload: ours }));
});

function withoutEntryPoint(context: GuestContext): GuestContext {
  const { workflowId, version, executionId, seed, now, callbackUrl } = context;
  return { workflowId, version, executionId, seed, now, callbackUrl };
}

async function bundled(): Promise<Uint8Array> {
  await using bundler = createNativeBundler();
  return (await bundler.bundle({ entry: "workflow.js", files: { "workflow.js": source } })).code;
}

async function recordOurs(context: GuestContext): Promise<string[]> {
  const core = instantiateCore(await compiledTestEngine(), undefined, compute);
  expect(core.evaluate(await bundled())).toBeUndefined();
  const turns = [
    core.run(context, bytesOf({ n: 1 })),
    core.settle(answer(2)),
    core.settle(response),
    core.cancel(cancelledAt),
  ];
  return turns.flatMap(({ calls, abandoned, logs, completion }) => [
    ...calls.map(
      (call) => `call ${call.id} ${call.operation} ${textOf(call.arguments)} ${textOf(call.body)}`,
    ),
    ...abandoned.map((id) => `abandon ${id}`),
    ...logs.map(({ level, line }) => `log ${level} ${textOf(line)}`),
    ...(completion === undefined
      ? []
      : [`${completion.ok ? "complete" : "fail"} ${textOf(completion.json)}`]),
    "turn",
  ]);
}

async function recordJco(context: GuestContext): Promise<string[]> {
  const record: string[] = [];
  const guest = await instantiateJco(record);
  guest.evaluate(textOf(await bundled()));
  const turns = [
    () => guest.run(context, bytesOf({ n: 1 })),
    ...[answer(2), response].map(
      ({ id, now, outcome, body }) =>
        () =>
          guest.settle(id, now, outcome, body),
    ),
    () => guest.cancel(cancelledAt),
  ];
  return turns.flatMap((turn) => {
    turn();
    return [...byKind(record.splice(0)), "turn"];
  });
}

/** A turn keeps its calls, its abandoned calls and its lines apart. */
function byKind(lines: readonly string[]): string[] {
  return ["call", "abandon", "log", "complete", "fail"].flatMap((kind) =>
    lines.filter((line) => line.startsWith(`${kind} `)),
  );
}

async function instantiateJco(record: string[]): Promise<JcoGuest> {
  const { jcoDirectory } = await testEngineStore().current();
  const glue = (await import(
    /* @vite-ignore */ pathToFileURL(join(jcoDirectory, "engine.js")).href
  )) as JcoGlue;
  const coreModule = async (name: string) =>
    name === "engine.core.wasm"
      ? await compiledTestEngine()
      : new WebAssembly.Module(await readFile(join(jcoDirectory, name)));
  const host = {
    call: (id: number, operation: string, args: Uint8Array, body: Uint8Array) =>
      record.push(`call ${id} ${operation} ${textOf(args)} ${textOf(body)}`),
    abandon: (id: number) => record.push(`abandon ${id}`),
    complete: (value: Uint8Array) => record.push(`complete ${textOf(value)}`),
    compute: computeForJco,
    // A finished engine has its data in itself.
    data: () => {
      throw new Error("The engine asked its host for data");
    },
    fail: (failure: Uint8Array) => record.push(`fail ${textOf(failure)}`),
    log: (level: string, line: Uint8Array) => record.push(`log ${level} ${textOf(line)}`),
  };
  return glue.instantiate(coreModule, { "duranium:runtime/host": host });
}
