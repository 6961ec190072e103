import type { Overview as Figures } from "#client";
import { Chart } from "../components/chart.tsx";
import { formatDuration } from "#base/duration-text.ts";
import { durationOf } from "./figures-text.ts";
import type { Slot } from "./overview.ts";

const whole = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 0 });

interface ChartsProps {
  readonly figures: Figures;
}

/** Ended executions by outcome, with the failures at the bottom where they are seen. */
export function RunsChart({ figures: { slots, runs } }: ChartsProps) {
  const text = (name: "completed" | "failed" | "cancelled") => (index: number | undefined) =>
    whole(index === undefined ? runs[name] : (slots[index]?.[name] ?? 0));
  const sum = (...names: readonly ("completed" | "failed" | "cancelled")[]) =>
    slots.map((slot) => names.reduce((total, name) => total + slot[name], 0));
  return (
    <Chart
      summary={`Ended executions over time: ${runs.completed} completed, ${runs.failed} failed, ${runs.cancelled} cancelled`}
      times={timesOf(slots)}
      format={whole}
      series={[
        {
          label: "Completed",
          color: "--good-fill",
          kind: "bars",
          values: sum("completed", "failed", "cancelled"),
          text: text("completed"),
        },
        {
          label: "Cancelled",
          color: "--idle-fill",
          kind: "bars",
          values: sum("failed", "cancelled"),
          text: text("cancelled"),
        },
        { label: "Failed", color: "--bad-fill", kind: "bars", values: sum("failed"), text: text("failed") },
      ]}
    />
  );
}

/** The duration of executions: the median, and what one in twenty exceeds. */
export function LatencyChart({ figures: { slots, runs } }: ChartsProps) {
  const line = (name: "p50Ms" | "p95Ms") => slots.map((slot) => slot[name] ?? null);
  const text = (name: "p50Ms" | "p95Ms") => (index: number | undefined) =>
    durationOf(index === undefined ? runs[name] : slots[index]?.[name]);
  return (
    <Chart
      summary={`Duration over time: median ${durationOf(runs.p50Ms)}, 95th percentile ${durationOf(runs.p95Ms)}`}
      times={timesOf(slots)}
      format={(value) => formatDuration(value)}
      series={[
        { label: "p95", color: "--wait-fill", kind: "line", values: line("p95Ms"), text: text("p95Ms") },
        { label: "p50", color: "--busy-fill", kind: "line", values: line("p50Ms"), text: text("p50Ms") },
      ]}
    />
  );
}

function timesOf(slots: readonly Slot[]): readonly number[] {
  return slots.map(({ at }) => Date.parse(at));
}
