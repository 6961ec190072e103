import { z } from "zod";
import { maxFailureCauses, maxFailureErrors } from "../domain/limits.ts";
import type { Failure } from "../domain/outcome.ts";

/** A `code` may be a number, as in `DOMException`. */
const failureShape = {
  name: z.string(),
  message: z.string(),
  code: z.union([z.string(), z.number().transform(String)]).exactOptional(),
  stack: z.string().exactOptional(),
};

/**
 * A failure with its causes and the errors of an `AggregateError`, which may have some too: at most `maxFailureCauses` beneath each
 * other, and `maxFailureErrors` beside each other. What else is told of an error is not kept.
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
