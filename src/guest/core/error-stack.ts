/**
 * `stack` of errors in V8's format: `Name: message`, then the frames of the author's code. Loggers and packages
 * print or parse that format. SpiderMonkey's lacks the message and includes the runtime's own functions.
 */
import { authorFrames } from "./stack.ts";

type CaptureStackTrace = (target: object, caller?: unknown) => void;

const accessor = Object.getOwnPropertyDescriptor(Error.prototype, "stack");
// oxlint-disable-next-line typescript/unbound-method -- applied to errors below
const engineStack = accessor?.get ?? (() => "");
const engineCapture: unknown = Reflect.get(Error, "captureStackTrace");

/**
 * @param frames a stack in SpiderMonkey's or V8's format
 * @returns `TypeError: no`, followed by one line per frame in the bundle, indented by four spaces
 */
export function describeStack(error: object, frames: string): string {
  const lines = authorFrames(frames).split("\n");
  return [headerOf(error), ...lines.filter((line) => line !== "").map((line) => `    ${line}`)].join("\n");
}

/** Called once, before any workflow is loaded. */
export function installStacks(): void {
  // oxlint-disable-next-line eslint/no-extend-native -- in place of the engine's
  Object.defineProperty(Error.prototype, "stack", { ...accessor, get: readStack });
  Object.defineProperty(Error, "captureStackTrace", {
    value: captureStackTrace,
    writable: true,
    configurable: true,
  });
}

function readStack(this: object): unknown {
  const stack: unknown = Reflect.apply(engineStack, this, []);
  return typeof stack === "string" ? describeStack(this, stack) : stack;
}

/** The engine's version defines an own property, which would hide the accessor of the prototype. */
function captureStackTrace(target: object, caller?: unknown): void {
  const args = caller === undefined ? [target] : [target, caller];
  Reflect.apply(engineCapture as CaptureStackTrace, Error, args);
  const value = describeStack(target, String(Reflect.get(target, "stack")));
  Object.defineProperty(target, "stack", { value, writable: true, configurable: true });
}

/** The same text as `Error.prototype.toString`. Properties whose getters throw are omitted. */
function headerOf(error: object): string {
  const name = textOf(error, "name", "Error");
  const message = textOf(error, "message", "");
  return name === "" || message === "" ? name + message : `${name}: ${message}`;
}

function textOf(error: object, key: string, fallback: string): string {
  try {
    const value: unknown = Reflect.get(error, key);
    // oxlint-disable-next-line typescript/no-base-to-string -- as the platform does
    return value === undefined ? fallback : String(value);
  } catch {
    return fallback;
  }
}
