/**
 * True for `npm run test:thorough`, the form for a change to the driver or to the journal, and before a release. It runs
 * what the default form leaves out because another test proves nearly the same: suites without replay of which the
 * default form has the replayed one, and the campaign without forced replay.
 */
export const isThorough = process.env["TEST_THOROUGH"] === "true";
