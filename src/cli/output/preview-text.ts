import type { PreviewState } from "../../preview/contract/preview.ts";
import { failureLines } from "./execution-text.ts";
import { printableJson, printableLine } from "./printable.ts";
import type { Terminal } from "./terminal.ts";
import { timelineLines } from "./timeline.ts";

/** The timeline and the outcome of a local run. */
export function endedPreviewLines(state: PreviewState, terminal: Terminal): readonly string[] {
  const { style } = terminal;
  const { status, steps, result, failure, now, fuelUsed } = state;
  return [
    ...(steps.length === 0 ? [] : ["", ...timelineLines(steps, Date.parse(now), terminal), ""]),
    style(status === "completed" ? "green" : "red", status) +
      style("dim", `  ${fuelUsed.toLocaleString("en-US")} units of fuel`),
    ...(failure === undefined ? [printableJson(result ?? null, 2)] : failureLines(failure, style)),
  ];
}

/** What a run waits for, each with the command that resolves it. */
export function waitingLines(state: PreviewState, { style }: Terminal): readonly string[] {
  const { events, callbacks, pendingRequests } = state;
  const open = callbacks.filter(({ isUsed }) => !isUsed);
  return [
    ...events.map(
      (name) =>
        `waiting for event ${style("bold", printableLine(name))}. Type: event ${printableLine(name)} {…}`,
    ),
    ...open.map(({ callback }) => `waiting for a callback. Type: callback ${callback} {…}`),
    ...pendingRequests.map((pending) =>
      pending.kind === "call"
        ? `waiting for the result of ${printableLine(pending.workflowId)}. Type: answer ${pending.step} {…}`
        : `waiting for the response to ${printableLine(`${pending.method} ${pending.url}`)} (${printableLine(pending.why)}). Type: answer ${pending.step} {…}, with its body`,
    ),
  ];
}
