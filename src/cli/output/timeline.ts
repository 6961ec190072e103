import { printableLine, shortened } from "./printable.ts";
import type { Terminal } from "./terminal.ts";
import { formatDuration } from "../../base/duration-text.ts";

/** The drawn properties of a step of an execution or a preview. */
export interface TimelineStep {
  readonly name: string;
  readonly outcome: "pending" | "succeeded" | "failed" | "abandoned";
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly attempts?: number;
  readonly reused?: true;
  readonly waitsForHost?: string;
  readonly error?: { readonly name: string; readonly message: string };
}

/**
 * One line per step: number from 1, outcome, name, bar on a common axis, and duration. A failed step has its error below.
 *
 * @param now where the bars of pending steps end, in milliseconds since the Unix epoch
 */
export function timelineLines(
  steps: readonly TimelineStep[],
  now: number,
  { style, columns }: Pick<Terminal, "style" | "columns">,
): readonly string[] {
  const spans = steps.map((step) => spanOf(step, now));
  const known = spans.filter((span) => span !== undefined);
  const axis = {
    from: Math.min(...known.map(({ from }) => from)),
    to: Math.max(...known.map(({ to }) => to)),
  };
  const numberWidth = String(steps.length).length;
  const nameWidth = nameWidthOf(steps, columns - numberWidth - 1);
  const barWidth = Math.max(minBarWidth, Math.min(maxBarWidth, columns - numberWidth - nameWidth - 17));
  return steps.flatMap((step, index) => {
    const span = spans[index];
    const name = shortened(printableLine(step.name), nameWidth).padEnd(nameWidth);
    const bar = barOf(span, axis, barWidth);
    const took = span === undefined ? "" : formatDuration(span.to - span.from);
    const { mark, colour } = looks[step.outcome];
    const about = [
      ...(step.reused === true ? ["reused"] : []),
      ...(step.waitsForHost === undefined ? [] : [`waits for ${printableLine(step.waitsForHost)}`]),
      ...(step.attempts === undefined ? [] : [`${step.attempts} attempts`]),
    ].join(", ");
    const number = style("dim", String(index + 1).padStart(numberWidth));
    const line = `${number} ${style(colour, mark)} ${name} ${style("dim", "▏")}${style(colour, bar)}${style("dim", "▕")} ${took}`;
    return [
      `${line}${about === "" ? "" : `  ${style("dim", about)}`}`,
      ...(step.error === undefined
        ? []
        : [`${" ".repeat(numberWidth)}   ${style("red", errorText(step.error))}`]),
    ];
  });
}

const minBarWidth = 10;
const maxBarWidth = 40;

const looks = {
  pending: { mark: "…", colour: "blue" },
  succeeded: { mark: "✓", colour: "green" },
  failed: { mark: "✗", colour: "red" },
  abandoned: { mark: "–", colour: "dim" },
} as const;

interface Span {
  readonly from: number;
  readonly to: number;
}

function spanOf({ startedAt, endedAt }: TimelineStep, now: number): Span | undefined {
  const from = Date.parse(startedAt ?? "");
  if (Number.isNaN(from)) return undefined;
  const to = Date.parse(endedAt ?? "");
  return { from, to: Math.max(from, Number.isNaN(to) ? now : to) };
}

function nameWidthOf(steps: readonly TimelineStep[], columns: number): number {
  const longest = Math.max(...steps.map(({ name }) => printableLine(name).length));
  return Math.min(longest, Math.max(20, columns - minBarWidth - 16), 60);
}

/** Steps shorter than a cell are drawn as one cell, so that they are visible. */
function barOf(span: Span | undefined, axis: Span, width: number): string {
  if (span === undefined) return " ".repeat(width);
  const scale = axis.to > axis.from ? width / (axis.to - axis.from) : 0;
  const from = Math.min(width - 1, Math.floor((span.from - axis.from) * scale));
  const length = Math.max(1, Math.min(width - from, Math.round((span.to - span.from) * scale)));
  return " ".repeat(from) + "█".repeat(length) + " ".repeat(width - from - length);
}

function errorText({ name, message }: { readonly name: string; readonly message: string }): string {
  return printableLine(`${name}: ${message}`);
}
