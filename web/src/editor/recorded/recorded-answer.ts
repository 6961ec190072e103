import type { MockResponse } from "#preview/contract/mock-response.ts";
import type { RecordedCall, Recording } from "#recordings/recording.ts";

/** A recorded call whose answer can be edited, with its number. */
export interface EditableCall {
  readonly number: number;
  readonly call: RecordedCall;
}

/** Fetches, and calls of other workflows. */
export function editableCalls({ calls }: Recording): readonly EditableCall[] {
  return calls
    .map((call, number) => ({ number, call }))
    .filter(({ call: { operation } }) => operation === "fetch" || operation === "call");
}

/** The recorded response of a fetch; `undefined` if it failed, or is not in the recording. */
export function recordedResponse({ result }: RecordedCall): MockResponse | undefined {
  const { value: head, text, base64 } = membersOf(valueOf(result));
  const { status, headers } = membersOf(head);
  if (typeof status !== "number") return undefined;
  return {
    status,
    ...(Array.isArray(headers) ? { headers: headers as NonNullable<MockResponse["headers"]> } : {}),
    ...(typeof text === "string" ? { body: text } : typeof base64 === "string" ? { base64 } : { body: "" }),
  };
}

/** The recorded result of a call of another workflow; `undefined` if it failed, or is not in the recording. */
export function recordedResult({ result }: RecordedCall): unknown {
  const { ok, value } = membersOf(valueOf(result));
  return ok === true ? value : undefined;
}

/** The answer in a word or two: `200`, `ECONNREFUSED`, `no answer`. */
export function answerText(call: RecordedCall): string {
  const value = valueOf(call.result);
  if (value === undefined) return "no answer";
  const { ok, error } = membersOf(value);
  if (ok === false) {
    const { name } = membersOf(error);
    return typeof name === "string" ? name : "failed";
  }
  return call.operation === "fetch" ? String(recordedResponse(call)?.status ?? "") : "result";
}

function valueOf(result: RecordedCall["result"]): unknown {
  return result !== undefined && "value" in result ? result.value : undefined;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
