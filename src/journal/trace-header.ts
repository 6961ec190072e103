import type { Request } from "@restatedev/restate-sdk";

/** W3C Trace Context, section 3.2: https://www.w3.org/TR/trace-context/#traceparent-header */
export const traceHeader = "traceparent";

/**
 * Returns the trace header that an execution forwards to the executions it calls: the header of its own input. The input is
 * journaled, so every replay forwards the same header, whether tracing is enabled or not.
 */
export function forwardedTraceparent({ headers }: Pick<Request, "headers">): {
  readonly [traceHeader]?: string;
} {
  const parent = headers.get(traceHeader);
  return parent === undefined ? {} : { [traceHeader]: parent };
}
