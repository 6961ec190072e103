/** `ctx.call` and `ctx.send`, which start executions of other workflows. */
import { durationMs } from "./duration.ts";
import { callHost } from "../host/host-calls.ts";
import { parseTimestamp as parseRfc3339 } from "../../base/time.ts";
import { toStrictJson } from "../core/result.ts";
import { signalOf, untilAborted } from "../platform/web/events/abort-signal.ts";
import type { CallOptions, JsonValue, SendOptions } from "@duranium/workflow";

/** Rejects with the failure of the called execution. */
export async function callWorkflow(workflowId: string, options?: CallOptions): Promise<JsonValue> {
  return (await ask("call", calledBy(workflowId, options), options)) as JsonValue;
}

export async function sendToWorkflow(
  workflowId: string,
  options?: SendOptions,
): Promise<{ executionId: string }> {
  const when =
    options?.at === undefined ? { delayMs: delayOf(options) } : { delayMs: 0, at: timeOf(options) };
  const sent = await ask("send", { ...calledBy(workflowId, options), ...when }, options);
  return sent as { executionId: string };
}

function delayOf(options: SendOptions | undefined): number {
  return options?.delay === undefined ? 0 : durationMs(options.delay);
}

/** Milliseconds since the Unix epoch. */
function timeOf({ at, delay }: SendOptions): number {
  if (delay !== undefined) throw new TypeError("Give either `delay` or `at`, not both");
  const time = typeof at === "string" ? (parseRfc3339(at) ?? Number.NaN) : Number(at);
  if (Number.isNaN(time))
    throw new TypeError("`at` is no time: use RFC 3339 such as 2026-12-24T18:00:00Z, or a Date");
  return time;
}

function calledBy(workflowId: string, options: CallOptions | undefined): object {
  if (typeof workflowId !== "string") throw new TypeError("The id of the workflow is no text");
  const { entryPoint, payload = null } = options ?? {};
  if (entryPoint !== undefined && typeof entryPoint !== "string")
    throw new TypeError("The entry point is no text");
  if (toStrictJson(payload, "payload", `The payload for "${workflowId}"`) === undefined)
    throw new TypeError(`The payload for "${workflowId}" is not JSON`);
  return { workflowId, payload, ...(entryPoint === undefined ? {} : { entryPoint }) };
}

async function ask(operation: string, args: object, options: CallOptions | undefined): Promise<unknown> {
  const signal = signalOf(options?.signal);
  signal?.throwIfAborted();
  const { answer, abandon } = callHost(operation, args);
  const { value } = await (signal === undefined ? answer : untilAborted(answer, signal, abandon));
  return value;
}
