/**
 * `ctx.waitForEvent`. The events of one name form a queue, and so do its waiters: the first waiter gets the first
 * event.
 *
 * 1. The host numbers the events of a name 0, 1, 2… At most one host call requests the next event, and only while
 *    there is a waiter, so an abandoned wait keeps no execution open.
 * 2. Each event is delivered to exactly one waiter. An event that arrives while its waiters are leaving is stored
 *    for the next one.
 */
import { callHost, type HostCall } from "../host/host-calls.ts";
import { NativePromise, ownMap } from "../core/primordials.ts";
import { waitAtMost } from "./timeout.ts";
import type { JsonValue, WaitOptions } from "@duranium/workflow";

interface Line {
  readonly name: string;
  /** The number of the event to request next. */
  next: number;
  call: HostCall | undefined;
  readonly waiting: Waiting[];
  readonly kept: JsonValue[];
}

interface Waiting {
  readonly resolve: (value: JsonValue) => void;
  readonly reject: (reason: unknown) => void;
}

const lines = ownMap<string, Line>();
const nameForm = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

export function resetEvents(): void {
  lines.clear();
}

/**
 * The payload of the next event of this name.
 *
 * @throws {TypeError} (as a rejection) if the name is not valid
 * @throws {DOMException} (as a rejection) `TimeoutError` if the timeout expires first
 */
export async function waitForEvent(name: string, options?: WaitOptions): Promise<JsonValue> {
  if (typeof name !== "string" || !nameForm.test(name)) {
    throw new TypeError(
      `${JSON.stringify(name) ?? typeof name} is no name of an event: use 1 to 128 letters, digits, ".", "_", ":" and "-"`,
    );
  }
  return await waitAtMost(`The event "${name}"`, options, () => standInLine(lineOf(name)));
}

function lineOf(name: string): Line {
  const line = lines.get(name) ?? { name, next: 0, call: undefined, waiting: [], kept: [] };
  lines.set(name, line);
  return line;
}

function standInLine(line: Line): { answer: Promise<JsonValue>; leave: () => void } {
  let waiting: Waiting | undefined;
  const answer = new NativePromise<JsonValue>((resolve, reject) => {
    waiting = { resolve, reject };
    line.waiting.push(waiting);
  });
  handOut(line);
  return { answer, leave: () => leaveLine(line, waiting) };
}

function leaveLine(line: Line, waiting: Waiting | undefined): void {
  const place = line.waiting.findIndex((one) => one === waiting);
  if (place >= 0) line.waiting.splice(place, 1);
  if (line.waiting.length === 0 && line.call?.abandon() === true) line.call = undefined;
}

function handOut(line: Line): void {
  while (line.waiting.length > 0 && line.kept.length > 0) {
    line.waiting.shift()?.resolve(line.kept.shift() as JsonValue);
  }
  if (line.waiting.length === 0 || line.call !== undefined) return;
  line.call = callHost("wait", { event: line.name, index: line.next });
  void receive(line, line.call);
}

async function receive(line: Line, { answer }: HostCall): Promise<void> {
  try {
    const { value } = await answer;
    line.next += 1;
    line.kept.push(value as JsonValue);
    line.call = undefined;
    handOut(line);
  } catch (error) {
    line.call = undefined;
    for (const { reject } of line.waiting.splice(0)) reject(error);
  }
}
