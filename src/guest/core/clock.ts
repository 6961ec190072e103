/**
 * The time that a workflow sees, in milliseconds since the Unix epoch. It stands still while code runs. When a host
 * call is answered, it advances to the time at which the answer was recorded.
 *
 * During the evaluation of a workflow it is 1970-01-01T00:00:00Z, so that the memory image does not depend on the
 * time of the deploy, and a time that was read at the top level is easy to recognise.
 */
let startedAt = 0;
let current = 0;

export function startClock(now: number): void {
  startedAt = now;
  current = now;
}

/** Time never goes back: an answer that was recorded before the previous one does not change it. */
export function advanceClock(now: number): void {
  if (now > current) current = now;
}

export function now(): number {
  return current;
}

/** The time at which the execution started: `performance.timeOrigin`. */
export function timeOrigin(): number {
  return startedAt;
}

/** Milliseconds since the execution started: `performance.now()`. */
export function elapsed(): number {
  return current - startedAt;
}
