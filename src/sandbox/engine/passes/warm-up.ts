import type { GuestCall, Turn } from "../../../host/guest.ts";
import { instantiateCore } from "../../instances/glue.ts";
import type { Core } from "../../instances/glue.ts";
import { WasmFormatError } from "../../wasm/binary.ts";
import {
  findSection,
  memorySegments,
  readDataSegments,
  readModule,
  sectionIds,
  withSection,
  writeDataSegments,
  writeIndex,
  writeModule,
} from "../../wasm/module.ts";

/** A workflow that an engine is warmed up with. */
export interface WarmUpWorkflow {
  /** What the engine evaluates. */
  readonly code: string;
  /** True if it returns, false if it throws. */
  readonly returns: boolean;
}

/**
 * Runs executions in a new engine, and makes its memory afterwards the initial memory of every instance.
 *
 * The JavaScript engine compiles a function on its first call, and creates the shape of an object when the
 * first object of that shape is created. Without the warm-up, every execution would repeat that for the whole
 * guest runtime, and every image would contain what it writes. What the runtime itself stores about an
 * execution is cleared when a workflow is evaluated.
 *
 * @param core an engine's core module after post-processing
 * @throws {WasmFormatError} if more than the content of its memory has changed
 */
export async function warmUp(core: Uint8Array): Promise<Uint8Array> {
  const warmed = instantiateCore(await WebAssembly.compile(new Uint8Array(core)));
  const before = { bytes: warmed.memory.buffer.byteLength, globals: valuesOf(warmed) };
  playWorkflows(warmed, javaScriptWorkflows);
  const { buffer } = warmed.memory;
  if (buffer.byteLength !== before.bytes)
    throw new WasmFormatError("The engine's memory grew during warm-up");
  if (valuesOf(warmed) !== before.globals) throw new WasmFormatError("Warm-up changed the engine's globals");
  return withMemory(core, new Uint8Array(buffer));
}

/** More than the warm-up takes. */
const enough = { fuel: 1_000_000_000, memoryPages: 1_000 };

const startedAt = 946_684_800_000;

/** Uses the most frequent operations of workflows. It must leave nothing on the globals. */
const completes = `__duranium_define({ run: async (ctx, payload) => {
  const asked = await fetch("https://warm-up.invalid/items?page=1");
  if (!asked.ok) throw new Error("It answered " + asked.status);
  const { items } = await asked.json();
  console.log("items", items.length, { first: items[0] });
  await ctx.sleep("5 s");
  const headers = { "content-type": "application/json", authorization: "Bearer " + payload.token };
  const answers = await Promise.all(items.map(async (item) => {
    const response = await fetch("https://warm-up.invalid/items", { method: "POST", headers, body: JSON.stringify(item) });
    return [response.status, response.headers.get("content-type"), await response.text()];
  }));
  await new Promise((resolve) => setTimeout(resolve, 10));
  return { answers, at: new Date().toISOString(), id: crypto.randomUUID(), chance: Math.random() };
} });`;

const fails = `__duranium_define({ run: async () => {
  try {
    await fetch(new URL("https://warm-up.invalid/unreachable"));
  } catch (error) {
    console.error(error);
    throw new Error("It cannot be reached", { cause: error });
  }
} });`;

/** Fails unless the engine's set of rejected promises is at the address in `rejections-address.ts`. */
const rejects = `__duranium_define({ run: async () => {
  (async () => { throw new Error("It is not handled"); })();
} });`;

const javaScriptWorkflows: readonly WarmUpWorkflow[] = [
  { code: completes, returns: true },
  { code: fails, returns: false },
  { code: rejects, returns: false },
];

/** Runs an execution of each workflow, in their order. */
export function playWorkflows(core: Core, workflows: readonly WarmUpWorkflow[]): void {
  for (const workflow of workflows) play(core, workflow);
}

function play(core: Core, { code, returns }: WarmUpWorkflow): void {
  const take = <T>(turn: () => T): T => {
    core.meter.begin(enough);
    return turn();
  };
  const failure = take(() => core.evaluate(bytesOf(code)));
  if (failure !== undefined)
    throw new Error(`Cannot evaluate the warm-up workflow: ${new TextDecoder().decode(failure)}`);
  const context = {
    workflowId: "warm-up",
    version: 1,
    executionId: "inv_1warmup",
    seed: new Uint8Array(32),
    now: startedAt,
    callbackUrl: "https://warm-up.invalid/callbacks/",
  };
  let turn: Turn = take(() => core.run(context, bytesOf(JSON.stringify({ token: "none" }))));
  const calls = [...turn.calls];
  for (let call = calls.shift(); call !== undefined; call = calls.shift()) {
    const settlement = { id: call.id, now: startedAt + 10 * (call.id + 1), ...answerTo(call) };
    turn = take(() => core.settle(settlement));
    calls.push(...turn.calls);
  }
  if (turn.completion?.ok !== returns) throw new Error("The warm-up workflow did not end as expected");
}

function answerTo({ operation, arguments: args }: GuestCall): { outcome: Uint8Array; body: Uint8Array } {
  if (operation !== "fetch") return { outcome: bytesOf('{"ok":true,"value":null}'), body: new Uint8Array() };
  const { url } = JSON.parse(new TextDecoder().decode(args)) as { readonly url: string };
  if (url.endsWith("/unreachable")) {
    const error = { name: "TypeError", message: "fetch failed", code: "fetch-failed" };
    return { outcome: bytesOf(JSON.stringify({ ok: false, error })), body: new Uint8Array() };
  }
  const headers = [
    ["content-type", "application/json"],
    ["date", "Sat, 01 Jan 2000 00:00:00 GMT"],
  ];
  const value = { status: 200, statusText: "OK", url, redirected: false, headers };
  return {
    outcome: bytesOf(JSON.stringify({ ok: true, value })),
    body: bytesOf('{"items":[{"id":1,"name":"one"},{"id":2,"name":"two"}]}'),
  };
}

function valuesOf({ globals }: Core): string {
  return globals.map(({ value }) => String(value)).join();
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Passive segments stay, ahead of all others, because the code refers to their indices. */
function withMemory(core: Uint8Array, content: Uint8Array): Uint8Array {
  const module = readModule(core);
  const before = readDataSegments(module);
  const passive = before.filter(({ isActive }) => !isActive);
  if (before.slice(0, passive.length).some(({ isActive }) => isActive))
    throw new WasmFormatError("The engine reads a data segment itself");
  const segments = [...passive, ...memorySegments(content)];
  const withData = withSection(module, sectionIds.data, writeDataSegments(segments));
  const isCounted = findSection(module, sectionIds.dataCount) !== undefined;
  return writeModule(
    isCounted ? withSection(withData, sectionIds.dataCount, writeIndex(segments.length)) : withData,
  );
}
