import type { Request } from "@restatedev/restate-sdk";
import type { Caller } from "../domain/execution.ts";

/**
 * The header that records which API key started an execution. The API sends it to Restate's ingress, and Restate stores it
 * with the input. Workflows cannot set headers of the executions that they call, and the API forwards no headers of its
 * callers, so only a client with access to the ingress could forge it.
 */
const headerName = "duranium-caller";

/** Returns the header for a caller. The name is encoded, because it may contain any character. */
export function callerHeaders({ id, name }: Caller): Record<string, string> {
  return { [headerName]: `${encodeURIComponent(id)} ${encodeURIComponent(name)}` };
}

/** Returns undefined if the execution has no such header, as one that a workflow or a schedule of Restate started. */
export function readCaller(
  headers: readonly { readonly name: string; readonly value: string }[],
): Caller | undefined {
  const parts = headers.find(({ name }) => name === headerName)?.value.split(" ") ?? [];
  const [id, name] = parts.map(decode);
  return id === undefined || name === undefined ? undefined : { id, name };
}

/**
 * The header that records when the API sent an execution to Restate, or when it is due if it is scheduled, in milliseconds since the
 * Unix epoch. It orders executions that wait in a queue.
 */
const acceptedName = "duranium-accepted";

/** The header for an execution that is sent now. */
export function acceptedHeaders(delayMs = 0): Record<string, string> {
  return { [acceptedName]: String(Date.now() + delayMs) };
}

/** Returns undefined if the execution has no such header. */
export function readAccepted({ headers }: Pick<Request, "headers">): number | undefined {
  const text = headers.get(acceptedName);
  return text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * Tags that the caller gave an execution. The API sends each as a header of its own to Restate's ingress, and Restate stores them with
 * the input, so retries have them too. Lists search for the header as it is stored (`read-model/lists/execution-search.ts`).
 */
const tagPrefix = "duranium-tag-";

export function tagHeaders(tags: readonly string[]): Record<string, string> {
  return Object.fromEntries(tags.map((tag, index) => [`${tagPrefix}${index}`, tag]));
}

/** The tags among the headers of an input, in the order in which the caller gave them. */
export function readTags(
  headers: readonly { readonly name: string; readonly value: string }[],
): readonly string[] {
  return headers
    .filter(({ name }) => name.startsWith(tagPrefix))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ value }) => value);
}

/**
 * The bytes of a stored header with this tag, in hexadecimal, as a pattern of `LIKE`. It begins with the tags and lengths of Protocol
 * Buffers, which JSON cannot contain, so no payload matches it.
 */
export function storedTagPattern(tag: string): string {
  const name = Buffer.from(tagPrefix, "latin1");
  const value = Buffer.from(tag, "latin1");
  const nameLength = byteText(name.length + 1);
  return `0a${nameLength}${name.toString("hex")}__12${byteText(value.length)}${value.toString("hex")}`;
}

function byteText(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

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
