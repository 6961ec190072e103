/**
 * The time that a workflow sees. It stands still while code runs and moves when an answer is delivered, to
 * the moment at which the answer was known. All in milliseconds since the Unix epoch.
 *
 * While a workflow is loaded it is 1970-01-01T00:00:00Z: the memory that results does not depend on when it
 * was deployed, and a time that was kept from the top level is seen at once for what it is.
 */
let startedAt = 0;
let current = 0;

export function startClock(now: number): void {
  startedAt = now;
  current = now;
}

/** Time never goes back: an answer that was known before the last one moves nothing. */
export function advanceClock(now: number): void {
  if (now > current) current = now;
}

export function now(): number {
  return current;
}

/** When the execution began: `performance.timeOrigin`. */
export function timeOrigin(): number {
  return startedAt;
}

/** Milliseconds since the execution began: `performance.now()`. */
export function elapsed(): number {
  return current - startedAt;
}
