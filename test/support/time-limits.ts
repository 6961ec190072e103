/**
 * How long tests wait for what is to come, in milliseconds. Where all is well none of it is waited for, so the limits are
 * wide: a slow machine is no failure. `TEST_PATIENCE` multiplies all of them.
 */
const patience = Number(process.env["TEST_PATIENCE"] ?? 1);

/** A test in all, unless it sleeps by itself for minutes. */
export const testTimeoutMs = 300_000 * patience;

/** The start of servers and builds before the tests of a file. */
export const hookTimeoutMs = 300_000 * patience;

/** One event. Less than a test may take, so that a failure says what was waited for. */
export const eventTimeoutMs = 120_000 * patience;
