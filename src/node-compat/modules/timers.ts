/** `node:timers`: the sandbox's timers with objects as handles, as in Node. */
import { Timeout } from "../timeout.ts";
import * as promises from "./timers-promises.ts";

type Callback = (...args: unknown[]) => unknown;

export { promises };

export function setTimeout(callback: Callback, delayMs?: number, ...args: unknown[]): Timeout {
  return new Timeout(globalThis.setTimeout, callback, delayMs, args);
}

export function setInterval(callback: Callback, delayMs?: number, ...args: unknown[]): Timeout {
  return new Timeout(globalThis.setInterval, callback, delayMs, args);
}

export function setImmediate(callback: Callback, ...args: unknown[]): Timeout {
  return new Timeout(globalThis.setTimeout, callback, 0, args);
}

export function clearTimeout(handle?: Timeout | number | null): void {
  globalThis.clearTimeout(handle === undefined || handle === null ? undefined : Number(handle));
}
export { clearTimeout as clearImmediate, clearTimeout as clearInterval };
