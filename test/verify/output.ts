import type { Printed } from "./victims.ts";

/** Lines that a process prints in normal operation, even if other processes are killed. */
const expected: readonly RegExp[] = [
  /^\s*$/,
  /^API {9}http:/,
  /^web UI {6}http:/,
  /^monitoring {2}http:/,
  /^Restate UI {2}http:/,
  /^ready: /,
  /^stopping$/,
  // Where it was not built before.
  /^(Building the|The) JavaScript engine\b/,
  /^root key /,
  // One of several processes was killed.
  /^WARN: executor: executor process \d+ exited \(SIGKILL\), and is started again$/,
  // A sweep while the campaign has killed the Restate server. The next sweep tries again.
  /^ERROR: \w+: cannot [^:]+: Restate's (ingress|admin API) at \S+ is not reachable$/,
  /^ERROR: \w+: cannot [^:]+: Restate responded with status 500: Datafusion error: .*\bnode \S+ was shut down or removed$/,
  /^WARN: restate: (Schedule|Execution)\/\S+ inv_\w+: Error when processing ctx\.run '[^']+'\. Restate's admin API at \S+ is not reachable$/,
  /^WARN: restate: Schedule\/\S+ inv_\w+: Error when processing a Restate context operation\. \(500\) Restate's admin API at \S+ is not reachable Stacktrace: /,
  // A request to the API meanwhile, or before the server is ready.
  /^ERROR: urn:uuid:\S+: Restate's (ingress|admin API) at \S+ is not reachable$/,
  /^ERROR: urn:uuid:\S+: Restate responded with status 50\d: /,
  /^ERROR: urn:uuid:\S+: Cannot read execution "\w+": Restate has started and does not show all executions yet$/,
  // A result arrived while an attempt was about to suspend.
  /^WARN: restate: Workflow\/\S+ inv_\w+: Error when processing a Restate context operation\. .*Attempt interrupted to pick up new journal results$/,
];

/** What the SDK logs for an attempt that Restate aborts. */
const aborted: readonly RegExp[] = [
  /^ERROR: restate: \S+ inv_\w+: Got abort error from connection: /,
  // A result that had arrived is delivered after the guest of the attempt was disposed.
  /^WARN: restate: \S+ inv_\w+: Error when processing a Restate context operation\. internal: Cannot enter a guest that is busy or disposed$/,
  /^WARN: restate: \S+ inv_\w+: Error when processing a Restate context operation\. (Premature close|This operation was aborted|\(500\) Connection closed.*)$/,
];

/** Lines that a process prints besides while its Restate server is gone. */
const expectedInAftermath: readonly RegExp[] = [
  ...aborted,
  /^ERROR: restate: Restate exited and will be restarted; last output:$/,
  /^restate: Restate is running again$/,
  // The stack that follows is the SDK's own.
  /^ERROR: restate: \S+ inv_\w+: Error while handling request: Error \[ERR_\w+\]: [^:]*?( at \S*( \S+)? ?\(?(node:|file:\/\/\S*\/node_modules\/)\S+| at new Promise \(<anonymous>\))*$/,
];

/** Lines of the server's own log. */
const isOfRestate = /^ {2}\| /;

/** Lines of the server's log about Duranium. */
const isAboutUs = /mismatch|panic/i;

/**
 * Unexpected output of processes: warnings, stacks, unhandled rejections. Each kind once, and how
 * often it came.
 *
 * @param hadForcedEnds whether Restate ended executions that did not clean up in time when they were cancelled
 */
export function unexpectedLines(
  { ordinary, aftermaths }: Printed,
  hadForcedEnds: boolean,
): readonly string[] {
  const always = hadForcedEnds ? [...expected, ...aborted] : expected;
  const after = aftermaths.flatMap(linesOf);
  return kindsOf([
    ...linesOf(ordinary).filter((line) => !isOneOf(always, line)),
    ...after
      .filter((line) => !isOfRestate.test(line))
      .filter((line) => !isOneOf([...expected, ...expectedInAftermath], line)),
    ...after.filter((line) => isOfRestate.test(line) && isAboutUs.test(line)),
  ]);
}

/** Without their times, and the level of what is news. */
function linesOf(text: string): readonly string[] {
  return text.split("\n").map((line) => line.replace(/^\[\S+Z\] (INFO: )?/, ""));
}

function isOneOf(patterns: readonly RegExp[], line: string): boolean {
  return patterns.some((pattern) => pattern.test(line));
}

function kindsOf(lines: readonly string[]): readonly string[] {
  const kinds = Map.groupBy(lines, (line) => line.replaceAll(/inv_\w+|\d+/g, "…"));
  return Array.from(kinds.values(), (same) => `${same.length} × ${same[0]}`);
}
