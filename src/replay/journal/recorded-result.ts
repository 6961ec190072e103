import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Recording } from "../../recordings/recording.ts";
import { notComparable } from "./divergence.ts";

/** @throws {Divergence} if the recording does not contain the result */
export function resultOf(
  { calls, signals }: Recording,
  {
    name,
    number,
    signal,
  }: { readonly name: string; readonly number: number | undefined; readonly signal: string | undefined },
): JsonValue {
  const result =
    signal === undefined ? calls[number ?? -1]?.result : signals.find((each) => each.name === signal)?.result;
  if (result === undefined) throw notComparable(`The recording has no result of "${name}"`);
  if ("value" in result) return result.value;
  const why = result.omitted === "purged" ? "is no longer stored" : "is too large";
  throw notComparable(`The result of "${name}" ${why}, so it is not in the recording`);
}

const outcomeSchema = z.union([
  z.object({ ok: z.literal(true), value: z.custom<JsonValue>((value) => value !== undefined) }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      name: z.string(),
      message: z.string(),
      code: z.string().exactOptional(),
      stack: z.string().exactOptional(),
    }),
  }),
]);

/** @throws {z.ZodError} if the result is not that of a call */
export function readOutcome(value: JsonValue): Outcome {
  return outcomeSchema.parse(value);
}
