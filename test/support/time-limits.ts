/**
 * Timeouts of tests in milliseconds. They are generous because a successful test never waits for one, and a slow
 * machine must not fail the tests. `TEST_PATIENCE` multiplies all of them.
 */
const patience = Number(process.env["TEST_PATIENCE"] ?? 1);

/** A whole test, unless it sleeps for minutes itself. */
export const testTimeoutMs = 300_000 * patience;

/** The start of servers and builds before the tests of a file. */
export const hookTimeoutMs = 300_000 * patience;

/** One event. It is shorter than the timeout of a test, so that the failure names the missing event. */
export const eventTimeoutMs = 120_000 * patience;
