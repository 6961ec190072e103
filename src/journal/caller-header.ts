import type { Caller } from "../domain/execution.ts";

/**
 * Whose API key asked for an execution: a header of the request to Restate's ingress, which keeps it with the
 * input. Workflows have no say in the headers of what they call, and what the API sends along is its own, so only
 * who reaches the ingress can write one.
 */
const headerName = "duranium-caller";

/** The headers that say it. A name may be any text, a header may not. */
export function callerHeaders({ id, name }: Caller): Record<string, string> {
  return { [headerName]: `${encodeURIComponent(id)} ${encodeURIComponent(name)}` };
}

/** `undefined` where nobody said it. */
export function readCaller(
  headers: readonly { readonly name: string; readonly value: string }[],
): Caller | undefined {
  const told = headers.find(({ name }) => name === headerName)?.value.split(" ") ?? [];
  const [id, name] = told.map(decode);
  return id === undefined || name === undefined ? undefined : { id, name };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
