import type { Row } from "../restate-sql.ts";

/** Rows of `sys_journal` for tests, as Restate makes them of a journal. */

/** When every one of them was appended. */
const appendedAt = "2026-11-22T10:00:00.000Z";

export function row(type: string, lite: unknown, more: Row = {}): Row {
  return {
    index: 0,
    entry_type: type,
    name: "",
    appended_at: appendedAt,
    entry_lite_json: JSON.stringify(lite),
    ...more,
  };
}

export function input(payload: unknown, headers: Readonly<Record<string, string>> = {}): Row {
  const pairs = Object.entries(headers).map(([name, value]) => field(1, field(1, name), field(2, value)));
  const raw = Buffer.concat([...pairs, field(14, field(1, JSON.stringify(payload)))]);
  return row("Command: Input", { Command: { Input: {} } }, { raw: raw.toString("base64") });
}

export function output(value: unknown): Row {
  return outputOf(field(14, field(1, JSON.stringify(value))), "Success");
}

export function failedOutput(failure: {
  readonly code: number;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}): Row {
  return outputOf(field(15, failureMessage(failure)), "Failure");
}

export function run(name: string, completionId: number): Row {
  return row("Command: Run", { Command: { Run: { completion_id: completionId, name } } }, { name });
}

export function sleep(name: string, completionId: number, wakesAt: number): Row {
  const Sleep = { wake_up_time: wakesAt, completion_id: completionId, name };
  return row("Command: Sleep", { Command: { Sleep } }, { name });
}

/** What came back for a command; nothing after a sleep. */
export function finished(kind: string, completionId: number, value?: unknown): Row {
  const id = field(1, completionId);
  const result = value === undefined ? field(4, "") : field(5, field(1, JSON.stringify(value)));
  return notification(kind, { CompletionId: completionId }, Buffer.concat([id, result]));
}

/** What came back for a command that failed, such as a call. */
export function failed(
  kind: string,
  completionId: number,
  failure: Parameters<typeof failureMessage>[0],
): Row {
  const raw = Buffer.concat([field(1, completionId), field(6, failureMessage(failure))]);
  return notification(kind, { CompletionId: completionId }, raw);
}

export function signal(name: string, value: unknown): Row {
  const raw = Buffer.concat([field(3, name), field(5, field(1, JSON.stringify(value)))]);
  return notification("Signal", { SignalName: name }, raw);
}

/** `Failure` of the service protocol. */
export function failureMessage({
  code,
  message,
  metadata,
}: {
  readonly code: number;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}): Buffer {
  const pairs = Object.entries(metadata).map(([name, value]) => field(3, field(1, name), field(2, value)));
  return Buffer.concat([field(1, code), field(2, message), ...pairs]);
}

/** A field of a message in Protocol Buffers: an integer, or what has a length. */
export function field(number: number, ...parts: readonly (number | string | Buffer)[]): Buffer {
  const [first] = parts;
  if (typeof first === "number") return Buffer.concat([varint(number * 8), varint(first)]);
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function outputOf(raw: Buffer, result: string): Row {
  return row("Command: Output", { Command: { Output: { result } } }, { raw: raw.toString("base64") });
}

function notification(kind: string, id: unknown, raw: Buffer): Row {
  return row(
    `Notification: ${kind}`,
    { Notification: { id, result: "Success" } },
    { raw: raw.toString("base64") },
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
