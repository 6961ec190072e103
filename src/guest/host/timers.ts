/**
 * `setTimeout`, `setInterval` and their `clear`.
 *
 * A timer with a delay is the host operation `timer`: the journal records when, and in which order, timers fire. A
 * timer without one (`setTimeout(f, 0)`) is a task of the same turn and is not journaled. It runs after the promise
 * jobs that were queued before it. The engine does not report how many jobs are queued, so a task waits for
 * `microtaskHops` rounds of them. It overtakes longer chains of awaits, in the same way on every replay.
 *
 * A turn runs at most `maxTasksPerTurn` tasks, and later ones become timers of 1 ms: code that polls with
 * `setTimeout(f, 0)` for the answer to a host call must let the turn end, or the answer could never arrive.
 *
 * A timer that was set at the top level of a workflow is part of the memory image and starts with each execution.
 */
import { maxSleepMs } from "../../domain/limits.ts";
import { callGuarded, reportUncaught } from "./completion.ts";
import { type Answer, callHost, hasExecution } from "./host-calls.ts";
import { NativePromise, ownMap } from "../core/primordials.ts";

type Callback = (...args: never[]) => unknown;

const microtaskHops = 64;
const maxTasksPerTurn = 1_000;

const settled = NativePromise.resolve();
let nextHandle = 1;
/** Functions that cancel the timers that have not fired. */
const live = ownMap<number, () => unknown>();
/** Functions that start the timers of the top level. */
const deferred = ownMap<number, () => void>();
const tasks: (() => void)[] = [];
let tasksInTurn = 0;
let draining = false;

/** Called at the start of every turn. */
export function startTimerTurn(): void {
  tasksInTurn = 0;
}

export function resetTimers(): void {
  nextHandle = 1;
  live.clear();
  deferred.clear();
  tasks.length = 0;
  tasksInTurn = 0;
  draining = false;
}

/** Called when an execution starts, before the workflow's code runs. */
export function startDeferredTimers(): void {
  const starts: (() => void)[] = [];
  deferred.forEach((start) => starts.push(start));
  deferred.clear();
  for (const start of starts) start();
}

/**
 * @param delayMs whole milliseconds. `undefined`, `NaN` and negative values are 0, and values above `maxSleepMs`
 *   are reduced to it
 * @returns a handle for `clearTimeout`, a positive integer
 * @throws {TypeError} if the callback is not a function
 */
export function setTimeout(callback: Callback, delayMs?: unknown, ...args: unknown[]): number {
  assertFunction("setTimeout", callback);
  const handle = takeHandle();
  schedule(handle, delayOf(delayMs), () => {
    live.delete(handle);
    callGuarded(callback, globalThis, args);
  });
  return handle;
}

/** Like `setTimeout`, repeatedly. The shortest interval is 1 ms. */
export function setInterval(callback: Callback, delayMs?: unknown, ...args: unknown[]): number {
  assertFunction("setInterval", callback);
  const handle = takeHandle();
  const intervalMs = Math.max(1, delayOf(delayMs));
  const tick = (): void => {
    schedule(handle, intervalMs, tick);
    callGuarded(callback, globalThis, args);
  };
  schedule(handle, intervalMs, tick);
  return handle;
}

/** Stops a timer or an interval. Values that are not a handle are ignored. */
export function clearTimer(handle?: unknown): void {
  const key = Number(handle);
  live.get(key)?.();
  live.delete(key);
}

/** Called when the execution is cancelled: a timer has no promise that could reject, and must not fire early. */
export function clearAllTimers(): void {
  live.forEach((cancel) => cancel());
  live.clear();
}

function assertFunction(name: string, callback: unknown): void {
  if (typeof callback === "function") return;
  throw new TypeError(`${name} takes a function, not ${callback === null ? "null" : typeof callback}`);
}

function takeHandle(): number {
  nextHandle += 1;
  return nextHandle - 1;
}

function delayOf(delayMs: unknown): number {
  const ms = Math.trunc(Number(delayMs));
  return ms > 0 ? Math.min(ms, maxSleepMs) : 0;
}

function schedule(handle: number, delayMs: number, fire: () => void): void {
  const isImmediate = delayMs === 0 && tasksInTurn < maxTasksPerTurn;
  const durationMs = Math.max(1, delayMs);
  if (isImmediate) live.set(handle, enqueueTask(fire));
  else if (hasExecution()) live.set(handle, startTimer(durationMs, fire));
  else {
    deferred.set(handle, () => live.set(handle, startTimer(durationMs, fire)));
    live.set(handle, () => deferred.delete(handle));
  }
}

function startTimer(durationMs: number, fire: () => void): () => unknown {
  const { answer, abandon } = callHost("timer", { durationMs });
  void fireWhenAnswered(answer, fire);
  return abandon;
}

async function fireWhenAnswered(answer: Promise<Answer>, fire: () => void): Promise<void> {
  try {
    await answer;
    fire();
  } catch (error) {
    reportUncaught(error);
  }
}

function enqueueTask(fire: () => void): () => void {
  tasksInTurn += 1;
  tasks.push(fire);
  if (!draining) void drainTasks();
  return () => {
    const place = tasks.indexOf(fire);
    if (place >= 0) tasks.splice(place, 1);
  };
}

async function drainTasks(): Promise<void> {
  draining = true;
  while (tasks.length > 0) {
    for (let hop = 0; hop < microtaskHops; hop += 1) await settled;
    tasks.shift()?.();
  }
  draining = false;
}
