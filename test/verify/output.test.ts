import { expect, test } from "vitest";
import { unexpectedLines } from "./output.ts";

const ended =
  "ERROR: restate: Restate exited and will be restarted; last output:\n  | INFO restate_server: stopping";
const inAftermath = (...lines: string[]) =>
  unexpectedLines({ ordinary: "", aftermaths: [lines.join("\n")] }, false);

test("messages of a start and a stop are allowed", () => {
  const ordinary =
    "\nAPI         http://127.0.0.1:1\nRestate UI  http://127.0.0.1:2\n\nready: http://x\n[2026-11-22T10:00:00.000Z] INFO: stopping";
  expect(unexpectedLines({ ordinary, aftermaths: [] }, false)).toEqual([]);
});

test("other lines are reported, each kind once", () => {
  const ordinary =
    "ERROR: urn:uuid:1: internal: no\nERROR: urn:uuid:2: internal: no\n(node:7) Warning: MaxListeners";
  expect(unexpectedLines({ ordinary, aftermaths: [] }, false)).toEqual([
    "2 × ERROR: urn:uuid:1: internal: no",
    "1 × (node:7) Warning: MaxListeners",
  ]);
});

test("after a kill of its server, a process may log failed requests and attempts, and the server's output", () => {
  const lines = [
    "ERROR: urn:uuid:1: Restate's ingress at http://127.0.0.1:1 is not reachable",
    'ERROR: urn:uuid:1: Cannot read execution "inv_1": Restate has started and does not show all executions yet',
    "ERROR: restate: Workflow/a/execute inv_1: Got abort error from connection: The stream has been destroyed",
    "WARN: restate: Workflow/a/execute inv_1: Error when processing a Restate context operation. Premature close",
    "ERROR: restate: Workflow/a/execute inv_1: Error while handling request: Error [ERR_STREAM_WRITE_AFTER_END]: write after end at _write (node:internal/streams/writable:491:11) at Object.write (file:///app/node_modules/@restatedev/restate-sdk/dist/endpoint/node_endpoint.js:105:11) at new Promise (<anonymous>)",
    ended,
    "  | 2026-11-22T10:00:00 WARN restate_worker: shutting down",
    "restate: Restate is running again",
  ];
  expect(inAftermath(...lines)).toEqual([]);
});

test.each([
  "[UnhandledPromiseRejection: This error originated either by throwing inside of an async function]",
  "    at drive (file:///app/src/host/driver/driver.ts:60:11)",
  "ERROR: restate: Workflow/a/execute inv_1: Error while handling request: Error [ERR_STREAM_DESTROYED]: gone at race (file:///app/src/restate/endpoint/restate-journal.ts:49:5) at new Promise (<anonymous>)",
  "WARN: restate: WorkflowState/a/get inv_1: Error when processing a Restate context operation. (570) Found a mismatch",
])("errors of Duranium itself are reported even after a kill: %s", (line) => {
  expect(inAftermath(line, ended)).toEqual([`1 × ${line}`]);
});

test("errors of Duranium in the server's output are reported even after a kill", () => {
  const line = "  | WARN restate_invoker: [570 Journal mismatch] Found a mismatch";
  expect(inAftermath(ended, line)).toEqual([`1 × ${line}`]);
});

test("an aborted attempt is reported, unless executions were ended by force", () => {
  const ordinary =
    "WARN: restate: Workflow/a/execute inv_1: Error when processing a Restate context operation. Premature close";
  expect(unexpectedLines({ ordinary, aftermaths: [] }, false)).toEqual([`1 × ${ordinary}`]);
  expect(unexpectedLines({ ordinary, aftermaths: [] }, true)).toEqual([]);
});

test("a server that exits without a kill is reported", () => {
  expect(unexpectedLines({ ordinary: ended, aftermaths: [] }, false)).toEqual(
    ended.split("\n").map((line) => `1 × ${line}`),
  );
});
