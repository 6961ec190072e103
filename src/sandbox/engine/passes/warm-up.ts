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

/**
 * An engine runs executions while it is built, and its memory after that becomes what instances begin with.
 *
 * The JavaScript engine compiles a function when it is first called, and looks for the form of an object when the first of
 * that form is made. Without this every execution does that anew for all of the guest runtime, and what it writes by that
 * is a part of every image. What the runtime itself keeps of an execution it forgets when a workflow is loaded.
 *
 * @param core an engine's core module after its post-processing
 * @throws {WasmFormatError} where more than the content of its memory has changed
 */
export async function warmUp(core: Uint8Array): Promise<Uint8Array> {
  const rehearsed = instantiateCore(await WebAssembly.compile(new Uint8Array(core)));
  const before = { bytes: rehearsed.memory.buffer.byteLength, globals: valuesOf(rehearsed) };
  for (const source of [completes, fails, rejects]) play(rehearsed, source);
  const { buffer } = rehearsed.memory;
  if (buffer.byteLength !== before.bytes)
    throw new WasmFormatError("The engine's memory grew in its rehearsal");
  if (valuesOf(rehearsed) !== before.globals)
    throw new WasmFormatError("A rehearsal changed the engine's globals");
  return withMemory(core, new Uint8Array(buffer));
}

/** More than both take, and a millionth of what an execution may. */
const enough = { fuel: 100_000_000, memoryPages: 1_000 };

const startedAt = 946_684_800_000;

/** What workflows do most. Nothing of it may stay behind on the globals. */
const completes = `__duranium_define({ run: async (ctx, payload) => {
  const asked = await fetch("https://rehearsal.invalid/items?page=1");
  if (!asked.ok) throw new Error("It answered " + asked.status);
  const { items } = await asked.json();
  console.log("items", items.length, { first: items[0] });
  await ctx.sleep("5 s");
  const headers = { "content-type": "application/json", authorization: "Bearer " + payload.token };
  const answers = await Promise.all(items.map(async (item) => {
    const response = await fetch("https://rehearsal.invalid/items", { method: "POST", headers, body: JSON.stringify(item) });
    return [response.status, response.headers.get("content-type"), await response.text()];
  }));
  await new Promise((resolve) => setTimeout(resolve, 10));
  return { answers, at: new Date().toISOString(), id: crypto.randomUUID(), chance: Math.random() };
} });`;

const fails = `__duranium_define({ run: async () => {
  try {
    await fetch(new URL("https://rehearsal.invalid/unreachable"));
  } catch (error) {
    console.error(error);
    throw new Error("It cannot be reached", { cause: error });
  }
} });`;

/** Fails where the engine's set of rejected promises is where `rejections-address.ts` says. */
const rejects = `__duranium_define({ run: async () => {
  (async () => { throw new Error("It is not handled"); })();
} });`;

function play(core: Core, source: string): void {
  const take = <T>(turn: () => T): T => {
    core.meter.begin(enough);
    return turn();
  };
  const failure = take(() => core.evaluate(bytesOf(source)));
  if (failure !== undefined)
    throw new Error(`Cannot evaluate the warm-up workflow: ${new TextDecoder().decode(failure)}`);
  const context = {
    workflowId: "rehearsal",
    version: 1,
    executionId: "inv_1rehearsal",
    seed: new Uint8Array(32),
    now: startedAt,
    callbackUrl: "https://rehearsal.invalid/callbacks/",
  };
  let turn: Turn = take(() => core.run(context, bytesOf(JSON.stringify({ token: "none" }))));
  const calls = [...turn.calls];
  for (let call = calls.shift(); call !== undefined; call = calls.shift()) {
    const settlement = { id: call.id, now: startedAt + 10 * (call.id + 1), ...answerTo(call) };
    turn = take(() => core.settle(settlement));
    calls.push(...turn.calls);
  }
  if (turn.completion?.ok !== (source === completes))
    throw new Error("The rehearsal ended otherwise than it should");
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

/** The segments that nothing puts into the memory stay, and stay before all others: their indices are in the code. */
function withMemory(core: Uint8Array, content: Uint8Array): Uint8Array {
  const module = readModule(core);
  const before = readDataSegments(module);
  const passive = before.filter(({ isActive }) => !isActive);
  if (before.slice(0, passive.length).some(({ isActive }) => isActive))
    throw new WasmFormatError("The engine has data that it takes by itself");
  const segments = [...passive, ...memorySegments(content)];
  const withData = withSection(module, sectionIds.data, writeDataSegments(segments));
  const isCounted = findSection(module, sectionIds.dataCount) !== undefined;
  return writeModule(
    isCounted ? withSection(withData, sectionIds.dataCount, writeIndex(segments.length)) : withData,
  );
}
