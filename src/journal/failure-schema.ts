import { z } from "zod";
import { maxFailureCauses, maxFailureErrors } from "../domain/limits.ts";
import type { Failure } from "../domain/outcome.ts";

/** The code of a `DOMException` is a number, so numbers are accepted and become text. */
const failureShape = {
  name: z.string(),
  message: z.string(),
  code: z.union([z.string(), z.number().transform(String)]).exactOptional(),
  stack: z.string().exactOptional(),
};

/**
 * A failure with its causes and the errors of an `AggregateError`, nested at most `maxFailureCauses` deep, with at
 * most `maxFailureErrors` errors in each. Other properties of an error are dropped.
 */
export const failureSchema: z.ZodType<Failure> = failureWithInner(maxFailureCauses);

function failureWithInner(depth: number): z.ZodType<Failure> {
  if (depth === 0) return z.object(failureShape);
  const inner = failureWithInner(depth - 1);
  return z.object({
    ...failureShape,
    cause: inner.exactOptional(),
    errors: z.array(inner).max(maxFailureErrors).exactOptional(),
  });
}
