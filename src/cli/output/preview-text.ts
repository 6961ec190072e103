import type { PreviewState } from "../../preview/contract/preview.ts";
import { failureLines } from "./execution-text.ts";
import { printableJson, printableLine } from "./printable.ts";
import type { Terminal } from "./terminal.ts";
import { timelineLines } from "./timeline.ts";

/** What a run on this machine came to: its timeline, and its result or failure. */
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

/** What it waits for, and what can be typed to let it go on. */
export function waitingLines(state: PreviewState, { style }: Terminal): readonly string[] {
  const { events, callbacks, questions } = state;
  const open = callbacks.filter(({ isUsed }) => !isUsed);
  return [
    ...events.map(
      (name) =>
        `waits for the event ${style("bold", printableLine(name))}: type  event ${printableLine(name)} {…}`,
    ),
    ...open.map(({ callback }) => `waits for a callback: type  callback ${callback} {…}`),
    ...questions.map((question) =>
      question.kind === "call"
        ? `calls ${printableLine(question.workflowId)}, which is not here: type  answer ${question.step} {…}, its result`
        : `fetches ${printableLine(`${question.method} ${question.url}`)} (${printableLine(question.why)}): type  answer ${question.step} {…}, the response's body`,
    ),
  ];
}
