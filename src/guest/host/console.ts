/**
 * `console`: lines for the host. A line is JSON, an array of the arguments as `printable` shows them; it is
 * numbered by the host and kept outside the journal. Nothing here throws, but labels
 * whose own conversion to a string does.
 */
import { log, type LogLevel } from "duranium:runtime/host@0.1.0";
import { maxLogLineBytes } from "../../domain/limits.ts";
import { elapsed } from "../core/clock.ts";
import { formatted } from "./console-format.ts";
import { encodeJson } from "../core/encoding.ts";
import { printable } from "../core/printable.ts";
import { authorFrames } from "../core/stack.ts";
import { domString } from "../core/interface.ts";

const maxLabelLength = 1_000;

let indent = "";
const counts = new Map<string, number>();
const started = new Map<string, number>();

/** What the global `console` is. */
export const guestConsole = {
  log: (...args: unknown[]): void => write("info", args),
  info: (...args: unknown[]): void => write("info", args),
  debug: (...args: unknown[]): void => write("debug", args),
  warn: (...args: unknown[]): void => write("warn", args),
  error: (...args: unknown[]): void => write("error", args),
  trace: (...args: unknown[]): void =>
    write("debug", ["Trace:", ...args, framesBeneath(String(new Error().stack))]),
  dir: (...[value]: unknown[]): void => write("info", [value]),
  dirxml: (...args: unknown[]): void => write("info", args),
  table: (...[data]: unknown[]): void => write("info", [data]),
  clear: (): void => {},
  assert: (...[condition, ...args]: unknown[]): void => {
    if (!condition) write("error", ["Assertion failed", ...args]);
  },
  count: (label: unknown = "default"): void => {
    const name = nameOf(label);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    write("info", [`${name}: ${count}`]);
  },
  countReset: (label: unknown = "default"): void => void counts.delete(nameOf(label)),
  group: (...args: unknown[]): void => openGroup(args),
  groupCollapsed: (...args: unknown[]): void => openGroup(args),
  groupEnd: (): void => {
    indent = indent.slice(2);
  },
  time: (label: unknown = "default"): void => void started.set(nameOf(label), elapsed()),
  timeLog: (label: unknown = "default", ...args: unknown[]): void => writeTime(nameOf(label), args),
  timeEnd: (label: unknown = "default"): void => {
    const name = nameOf(label);
    writeTime(name, []);
    started.delete(name);
  },
  timeStamp: (): void => {},
  profile: (): void => {},
  profileEnd: (): void => {},
};

Object.defineProperty(guestConsole, Symbol.toStringTag, { value: "console", configurable: true });
// As namespaces of Web IDL have it.
Object.setPrototypeOf(guestConsole, {});

export function resetConsole(): void {
  indent = "";
  counts.clear();
  started.clear();
}

/** A line of the runtime's own, whatever became of the global `console`. */
export function writeError(...args: unknown[]): void {
  write("error", args);
}

/** Each frame on a line of its own, beneath the text that the line begins with. */
function framesBeneath(stack: string): string {
  return `\n${authorFrames(stack).replaceAll(/^/gm, "    ")}`;
}

function openGroup(label: unknown[]): void {
  if (label.length > 0) write("info", label);
  if (indent.length < 40) indent += "  ";
}

/** By the guest's clock: what passes is the time between answers. */
function writeTime(label: string, args: unknown[]): void {
  const from = started.get(label);
  if (from === undefined) write("warn", [`There is no timer "${label}"`]);
  else write("info", [`${label}: ${elapsed() - from}ms`, ...args]);
}

/** As the platform converts it: what its `toString` throws, this does. */
function nameOf(label: unknown): string {
  return domString(label).slice(0, maxLabelLength);
}

function write(level: LogLevel, args: readonly unknown[]): void {
  log(level, encodeLine(indented(formatted(args))));
}

function indented(args: readonly unknown[]): readonly unknown[] {
  const [first, ...rest] = args;
  return typeof first === "string" || indent === "" ? [...prefixed(first, args), ...rest] : [indent, ...args];
}

function prefixed(first: unknown, args: readonly unknown[]): unknown[] {
  if (args.length === 0) return [];
  return [typeof first === "string" ? indent + first : first];
}

/** At most `maxLogLineBytes`: what does not fit is cut, and says so. */
function encodeLine(args: readonly unknown[]): Uint8Array {
  // The text is bounded in characters, of which each takes one to six bytes; the rest is quotes and commas.
  for (let maxLength = maxLogLineBytes - 512; ; maxLength /= 2) {
    const line = encodeJson(printable(args, Math.floor(maxLength)));
    if (line.length <= maxLogLineBytes) return line;
  }
}
