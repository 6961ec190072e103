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

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
