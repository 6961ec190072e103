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
 * A failure with at most `maxFailureCauses` causes, one beneath the other, and the errors of an `AggregateError`, which have none.
 * What else is told of an error is not kept.
 */
export const failureSchema: z.ZodType<Failure> = failureWithCauses(maxFailureCauses);

function failureWithCauses(depth: number): z.ZodType<Failure> {
  if (depth === 0) return z.object(failureShape);
  const withCause = z.object({ ...failureShape, cause: failureWithCauses(depth - 1).exactOptional() });
  if (depth < maxFailureCauses) return withCause;
  return withCause.extend({ errors: z.array(z.object(failureShape)).max(maxFailureErrors).exactOptional() });
}
