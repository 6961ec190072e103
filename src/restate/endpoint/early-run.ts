import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";

/**
 * A step whose result is known here before Restate has recorded it.
 *
 * The handler sends Restate the result of a step, and waits some milliseconds until it is recorded. What follows from the result
 * can be computed in that time. `early` resolves when the result has been sent, so whatever is sent afterwards is recorded after
 * it. It does not resolve in a replay, where Restate has the result, nor if the step fails.
 *
 * Both promises deliver what JSON contains of the result, so that they are equal to the guest.
 */
export interface EarlyRun<T> {
  readonly recorded: restate.RestatePromise<T>;
  readonly early: Promise<T>;
}

/** @param read makes the result of the JSON */
export function runEarly<T>(
  ctx: restate.Context,
  name: string,
  { effect, read }: { readonly effect: () => unknown; readonly read: (value: JsonValue) => T },
): EarlyRun<T> {
  const { promise: early, resolve } = Promise.withResolvers<T>();
  let sent: { readonly bytes: Uint8Array; readonly value: T } | undefined;
  const parse = (bytes: Uint8Array) => read(restate.serde.json.deserialize(bytes) as JsonValue);
  const serde: restate.Serde<T> = {
    contentType: "application/json",
    // The SDK passes what the effect returned.
    serialize(result) {
      const bytes = restate.serde.json.serialize(result);
      sent = { bytes, value: parse(bytes) };
      // The SDK sends the bytes in this tick, before a continuation can run.
      resolve(sent.value);
      return bytes;
    },
    deserialize: (bytes) =>
      sent !== undefined && Buffer.compare(sent.bytes, bytes) === 0 ? sent.value : parse(bytes),
  };
  return { recorded: ctx.run<T>(name, async () => (await effect()) as T, { serde }), early };
}
