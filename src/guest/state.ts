/** `ctx.state`: values that all executions of one workflow share, kept by the host. */
import { maxStateKeyLength, maxStateValueBytes } from "../domain/limits.ts";
import { encodeText, toJson } from "./encoding.ts";
import { callHost } from "./host-calls.ts";
import { signalOf, untilAborted } from "./web/abort-signal.ts";
import type { JsonValue, SignalOption, WorkflowState } from "./workflow.d.ts";

/** What the host keeps under a key. `revision` is `null` where there is nothing. */
interface Kept {
  readonly value?: JsonValue;
  readonly revision: string | null;
}

export const workflowState: WorkflowState = Object.freeze({
  get: async (key: string, options?: SignalOption) =>
    ((await ask({ action: "get", key: keyOf(key) }, options)) as Kept).value,
  set: async (key: string, value: unknown, options?: SignalOption) => {
    await ask({ action: "set", key: keyOf(key), value: requireJson(key, value) }, options);
  },
  delete: async (key: string, options?: SignalOption) => {
    await ask({ action: "delete", key: keyOf(key) }, options);
  },
  keys: async (options?: SignalOption) => (await ask({ action: "keys" }, options)) as string[],
  update,
} as WorkflowState);

/** Each round fails only because somebody else's succeeded. */
async function update(
  key: string,
  change: (value: JsonValue | undefined) => unknown,
  options?: SignalOption,
): Promise<unknown> {
  if (typeof change !== "function") throw new TypeError("ctx.state.update takes a key and a function");
  let kept = (await ask({ action: "get", key: keyOf(key) }, options)) as Kept;
  for (;;) {
    const next = await change(kept.value);
    const value = next === undefined ? {} : { value: requireJson(key, next) };
    const refused = await ask({ action: "update", key, revision: kept.revision, ...value }, options);
    if (refused === null) return next;
    kept = refused as Kept;
  }
}

async function ask(args: object, options: SignalOption | undefined): Promise<unknown> {
  const signal = signalOf(options?.signal);
  signal?.throwIfAborted();
  const { answer, abandon } = callHost("state", args);
  const { value } = await (signal === undefined ? answer : untilAborted(answer, signal, abandon));
  return value;
}

function keyOf(key: string): string {
  if (typeof key === "string" && key !== "" && key.length <= maxStateKeyLength) return key;
  throw new TypeError(`A key of ctx.state is a text of 1 to ${maxStateKeyLength} characters`);
}

function requireJson(key: string, value: unknown): unknown {
  const json = toJson(value);
  if (json === undefined) throw new TypeError(`The value of ctx.state "${key}" is not JSON`);
  const { length } = encodeText(json);
  if (length <= maxStateValueBytes) return value;
  throw new RangeError(
    `The value of ctx.state "${key}" has ${length} bytes, and the limit is ${maxStateValueBytes}`,
  );
}
