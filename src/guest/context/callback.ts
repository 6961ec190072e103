/**
 * `ctx.createCallback`: the URL is known immediately and is the same on every replay, so no host call is needed.
 */
import { callHost } from "../host/host-calls.ts";
import { randomCallbackSecret } from "../core/random.ts";
import { waitAtMost } from "./timeout.ts";
import type { Callback, JsonValue, WaitOptions } from "@duranium/workflow";

let created = 0;

export function resetCallbacks(): void {
  created = 0;
}

/** @param address the prefix of the URLs, and the execution that they belong to */
export function createCallback(
  { callbackUrl, executionId }: { readonly callbackUrl: string; readonly executionId: string },
  options?: WaitOptions,
): Callback {
  const callback = created;
  created += 1;
  const url = `${callbackUrl}${executionId}.${callback}.${randomCallbackSecret()}`;
  const promise = waitAtMost("The callback", options, () => {
    const { answer, abandon } = callHost("wait", { callback });
    return { answer: valueOf(answer), leave: abandon };
  });
  return { url, promise };
}

async function valueOf(answer: Promise<{ readonly value: unknown }>): Promise<JsonValue> {
  return (await answer).value as JsonValue;
}
