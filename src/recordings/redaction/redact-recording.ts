import { utf8Length } from "../../base/bytes.ts";
import type { JsonValue } from "../../base/json.ts";
import type { RecordedBody, RecordedCall, RecordedResult, Recording } from "../recording.ts";
import { bodyOfText, createRedactor } from "./redactor.ts";
import type { Redactor } from "./redactor.ts";
import { withoutTexts, withoutTextsInBase64 } from "./without-texts.ts";
import { appliedRules, redactionMarkers } from "../redaction-rules.ts";
import type { AppliedRedaction, RedactionRules } from "../redaction-rules.ts";

/**
 * Redacts a recording that leaves the server. Texts that are redacted in one place are replaced wherever else they occur, for instance in
 * console lines. A recording in which nothing is redacted stays as it is.
 */
export function redactRecording(recording: Recording, rules: RedactionRules): Recording {
  return redactBy(recording, appliedRules(rules)).recording;
}

/** The texts that redacting a recording replaces. */
export function redactedTexts(recording: Recording, rules: RedactionRules): readonly string[] {
  return redactBy(recording, appliedRules(rules)).found;
}

/** A redacted recording with other values in the place of the redacted ones. */
export function withOtherValues(recording: Recording): Recording {
  const { redacted } = recording;
  if (redacted === undefined) return recording;
  const [, marker] = redactionMarkers;
  const replaced = JSON.parse(JSON.stringify(recording).replaceAll(redactionMarkers[0], marker)) as Recording;
  const other = { ...replaced, calls: replaced.calls.map(withDigest(recording.calls)) };
  return redactBy(other, { ...redacted, marker }).recording;
}

/** Redacts what a call asked for. */
export function redactCall<Call extends RedactedCall>(call: Call, redactor: Redactor): Call {
  const { operation, arguments: given, body } = call;
  return {
    ...call,
    ...(given === undefined ? {} : { arguments: redactArguments(operation, given, redactor) }),
    ...(body === undefined ? {} : { body: redactor.recordedBody(body) }),
  };
}

interface RedactedCall {
  readonly operation: string;
  readonly arguments?: JsonValue | undefined;
  readonly body?: RecordedBody;
}

function redactBy(
  recording: Recording,
  redaction: AppliedRedaction,
): { readonly recording: Recording; readonly found: readonly string[] } {
  const redactor = createRedactor(redaction);
  const { payload, calls, signals, outcome } = recording;
  const redacted: Recording = {
    ...recording,
    payload: redactor.body(payload),
    calls: calls.map((call) => redactResultOf(redactCall(call, redactor), redactor)),
    signals: signals.map((each) => ({
      ...each,
      result: changed(each.result, (value) => member(value, "value", redactor.body)),
    })),
    ...(outcome?.kind === "completed"
      ? { outcome: { ...outcome, result: redactor.body(outcome.result) } }
      : {}),
  };
  const found = longestFirst(redactor.found);
  const clean = withoutTexts(withoutTextsInBytes(redacted, found, redaction.marker), found, redaction.marker);
  if (JSON.stringify(clean) === JSON.stringify(recording)) return { recording, found };
  const { payloadText, ...rest } = clean;
  const isAsSent = JSON.stringify(clean.payload) === JSON.stringify(payload);
  const text = payloadText === undefined || !isAsSent ? {} : { payloadText };
  return {
    recording: { ...rest, ...text, calls: rest.calls.map(withDigest(calls)), redacted: redaction },
    found,
  };
}

/** Bodies of responses that are not text. */
function withoutTextsInBytes(
  recording: Recording,
  texts: readonly string[],
  marker: AppliedRedaction["marker"],
): Recording {
  if (texts.length === 0) return recording;
  const clean = (base64: JsonValue) =>
    typeof base64 === "string" ? withoutTextsInBase64(base64, texts, marker) : base64;
  const calls = recording.calls.map((call) => {
    const { operation, result } = call;
    if (operation !== "fetch" || result === undefined) return call;
    return { ...call, result: changed(result, (value) => member(value, "base64", clean)) };
  });
  return { ...recording, calls };
}

/** The digest of a body in which texts were replaced. */
function withDigest(before: readonly RecordedCall[]) {
  return (call: RecordedCall, number: number): RecordedCall => {
    const { body } = call;
    if (body?.text === undefined || body.text === before[number]?.body?.text) return call;
    return { ...call, body: bodyOfText(body.text) };
  };
}

function redactArguments(operation: string, given: JsonValue, redactor: Redactor): JsonValue {
  if (operation === "fetch") return member(given, "headers", redactor.headers);
  if (operation === "call" || operation === "send") return member(given, "payload", redactor.body);
  return operation === "state" ? member(given, "value", redactor.body) : given;
}

function redactResultOf(call: RecordedCall, redactor: Redactor): RecordedCall {
  const { operation, result } = call;
  if (result === undefined) return call;
  return { ...call, result: changed(result, (value) => redactResult(operation, value, redactor)) };
}

function redactResult(operation: string, value: JsonValue, redactor: Redactor): JsonValue {
  if (operation === "call") return member(value, "value", redactor.body);
  if (operation === "state")
    return member(value, "value", (answer) =>
      member(answer, "value", (found) => member(found, "value", redactor.body)),
    );
  if (operation !== "fetch") return value;
  const withHead = member(value, "value", (head) => member(head, "headers", redactor.headers));
  const withText = member(withHead, "text", (text) =>
    typeof text === "string" ? redactor.bodyText(text) : text,
  );
  const withBytes = member(withText, "base64", (base64) =>
    typeof base64 === "string" ? redactor.bodyBase64(base64) : base64,
  );
  return member(withBytes, "request", (request) => redactRequest(request, redactor));
}

/** The record of a request has the beginning of its body, which cannot be read as JSON if the rest is missing. */
function redactRequest(request: JsonValue, redactor: Redactor): JsonValue {
  const { bodyBytes } = request as { readonly bodyBytes?: unknown };
  return member(member(request, "headers", redactor.headers), "body", (body) => {
    if (typeof body !== "string" || !redactor.hasBodyRules) return body;
    return typeof bodyBytes === "number" && utf8Length(body) < bodyBytes
      ? redactor.marker
      : redactor.bodyText(body);
  });
}

function changed(result: RecordedResult, change: (value: JsonValue) => JsonValue): RecordedResult {
  return "value" in result ? { value: change(result.value) } : result;
}

/** Changes a member of an object, if it has it. */
function member(value: JsonValue, name: string, change: (inner: JsonValue) => JsonValue): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = value as { readonly [name: string]: JsonValue };
  const { [name]: inner } = members;
  return inner === undefined ? value : { ...members, [name]: change(inner) };
}

/** Texts of which others are a part are replaced first. */
function longestFirst(found: ReadonlySet<string>): readonly string[] {
  return [...found].toSorted((one, other) => other.length - one.length).slice(0, maxFoundTexts);
}

/** More texts are redacted where a rule names them, and not searched for elsewhere. */
const maxFoundTexts = 2_000;
