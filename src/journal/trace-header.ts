import type { Request } from "@restatedev/restate-sdk";

/** W3C Trace Context, section 3.2: https://www.w3.org/TR/trace-context/#traceparent-header */
export const traceHeader = "traceparent";

/**
 * What an execution hands on to those that it calls: the header of its own input, which is in its journal. So it is the
 * same on each replay, whether anybody traces or not.
 */
export function forwardedTraceparent({ headers }: Pick<Request, "headers">): {
  readonly [traceHeader]?: string;
} {
  const parent = headers.get(traceHeader);
  return parent === undefined ? {} : { [traceHeader]: parent };
}
