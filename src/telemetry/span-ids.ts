import { RandomIdGenerator } from "@opentelemetry/sdk-trace";
import type { IdGenerator } from "@opentelemetry/sdk-trace";

/** Random IDs, except for spans whose ID was sent to another service before they start. */
export interface SpanIds extends IdGenerator {
  /** The span that `start` creates gets this ID. `start` must create exactly one, synchronously. */
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
