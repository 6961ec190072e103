import type { JsonValue } from "../../base/json.ts";
import type { RecordedCall } from "../../recordings/recording.ts";
import type { NamedCall } from "./made-call.ts";

/** Keys of calls: equal for calls that ask for the same. */

/** A recording without arguments is compared by the names of the journal entries. */
export function recordedKey(call: RecordedCall): string {
  return call.arguments === undefined ? nameKey(call) : requestKey({ ...call, arguments: call.arguments });
}

export function nameKey({ name }: { readonly name: string }): string {
  return `name ${name}`;
}

/** What a call asks for. How often the host tries again, and how long it waits, is not part of that. */
export function requestKey({
  operation,
  arguments: given,
  body,
}: Pick<NamedCall, "operation" | "arguments" | "body">): string {
  return `request ${operation} ${canonicalJson(operation === "fetch" ? fetched(given) : given)} ${body?.sha256 ?? ""}`;
}

function fetched(given: JsonValue): JsonValue {
  // A recording may come from anywhere, so its arguments may have another form.
  if (typeof given !== "object" || given === null || Array.isArray(given)) return given;
  const { url = null, method = "GET", headers = [] } = given as { readonly [name: string]: JsonValue };
  const own = (Array.isArray(headers) ? (headers as readonly JsonValue[]) : [])
    .map(headerText)
    .filter((header) => !volatileHeaders.test(header))
    .toSorted();
  return [method, url, own];
}

function headerText(pair: JsonValue): string {
  const [name, value] = Array.isArray(pair) ? (pair as readonly JsonValue[]) : [];
  return typeof name === "string" && typeof value === "string"
    ? `${name.toLowerCase()}: ${value}`
    : JSON.stringify(pair);
}

/** Headers that clients add to each request on their own. */
const volatileHeaders = /^(?:date|traceparent|tracestate|user-agent|content-length): /;

/** JSON with the members of objects in the order of their names. */
function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_name, member: JsonValue) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
