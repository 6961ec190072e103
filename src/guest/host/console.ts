/**
 * `console`: lines for the host. A line is a JSON array of the arguments in the format of `printable`. The host
 * numbers the lines and stores them outside the journal. Nothing here throws, except labels whose own conversion to
 * a string does.
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

/** The global `console`. */
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
// Web IDL namespaces have an empty object as their prototype.
Object.setPrototypeOf(guestConsole, {});

export function resetConsole(): void {
  indent = "";
  counts.clear();
  started.clear();
}

/** Writes a line of the runtime itself, even if the workflow has replaced the global `console`. */
export function writeError(...args: unknown[]): void {
  write("error", args);
}

/** The frames, each on its own line below the text of the console line. */
function framesBeneath(stack: string): string {
  return `\n${authorFrames(stack).replaceAll(/^/gm, "    ")}`;
}

function openGroup(label: unknown[]): void {
  if (label.length > 0) write("info", label);
  if (indent.length < 40) indent += "  ";
}

/** Uses the guest's clock, so the measured time is the time between answers. */
function writeTime(label: string, args: unknown[]): void {
  const from = started.get(label);
  if (from === undefined) write("warn", [`There is no timer "${label}"`]);
  else write("info", [`${label}: ${elapsed() - from}ms`, ...args]);
}

/** The platform's conversion: an exception of the label's `toString` is passed on. */
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

/** At most `maxLogLineBytes`. Longer lines are truncated and end in a mark that says so. */
function encodeLine(args: readonly unknown[]): Uint8Array {
  // The limit counts characters, of which each takes one to six bytes. The reserve is for quotes and commas.
  for (let maxLength = maxLogLineBytes - 512; ; maxLength /= 2) {
    const line = encodeJson(printable(args, Math.floor(maxLength)));
    if (line.length <= maxLogLineBytes) return line;
  }
}
