import { RandomIdGenerator } from "@opentelemetry/sdk-trace";
import type { IdGenerator } from "@opentelemetry/sdk-trace";

/** Random ids, but for the spans whose id others were told before. */
export interface SpanIds extends IdGenerator {
  /** The span that `start` makes gets this id. `start` must make one, and at once. */
  with<T>(spanId: string | undefined, start: () => T): T;
}

export function createSpanIds(): SpanIds {
  const random = new RandomIdGenerator();
  let announced: string | undefined;
  return {
    generateTraceId: () => random.generateTraceId(),
    generateSpanId: () => announced ?? random.generateSpanId(),
    with(spanId, start) {
      announced = spanId;
      try {
        return start();
      } finally {
        announced = undefined;
      }
    },
  };
}
