import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./chart.css";

export interface ChartSeries {
  readonly label: string;
  /** A custom property of the design tokens, such as `--good-fill`. */
  readonly color: string;
  readonly kind: "bars" | "line";
  /** What is drawn; `null` leaves a gap. */
  readonly values: readonly (number | null)[];
  /** What the legend shows at an index, and without one while the pointer is elsewhere. */
  readonly text: (index: number | undefined) => string;
}

/**
 * A chart over time. Series are drawn one over the other, so the bars of a stack are given from the highest to the
 * lowest. The summary says the same to screen readers.
 */
export function Chart({
  summary,
  times,
  series,
  format,
  height = 140,
}: {
  readonly summary: string;
  /** Milliseconds since the Unix epoch. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  /** Labels of the axis of values. */
  readonly format: (value: number) => string;
  readonly height?: number;
}) {
  const root = useRef<HTMLDivElement>(null);
  const theme = useThemeChanges();
  const data = JSON.stringify([times, series]);
  useEffect(() => {
    const place = root.current;
    if (place === null) return undefined;
    const chart = new uPlot(
      optionsOf(place, series, { format, height }),
      [times.map((time) => time / 1_000), ...series.map(({ values }) => [...values])],
      place,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height }));
    observer.observe(place);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `data` stands for times and series, which are new objects in each render
  }, [data, theme, height]);
  return <div ref={root} className="chart" role="img" aria-label={summary} style={{ minHeight: height }} />;
}

function optionsOf(
  place: HTMLElement,
  series: readonly ChartSeries[],
  { format, height }: { readonly format: (value: number) => string; readonly height: number },
): uPlot.Options {
  const colorOf = resolverOf(place);
  const [faint, border] = [colorOf("--text-faint"), colorOf("--border")];
  const axis = { stroke: faint, font: "11px Inter Variable", grid: { show: false }, ticks: { show: false } };
  return {
    width: place.clientWidth,
    height,
    padding: [10, 6, 0, 0],
    legend: { live: true },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: (_chart, _min, max) => [0, Math.max(1, max ?? 1) * 1.08] } },
    axes: [
      { ...axis, size: 28, space: 70, values: timeLabels },
      {
        ...axis,
        size: 56,
        space: 34,
        grid: { stroke: border, width: 1 },
        values: (_chart, values) => values.map(format),
      },
    ],
    series: [
      {
        label: "Time",
        value: (_chart, time) => (time === null ? "Whole period" : clock.format(time * 1_000)),
      },
      ...series.map((each) => seriesOf(each, colorOf(each.color))),
    ],
  };
}

function seriesOf({ label, kind, text }: ChartSeries, color: string): uPlot.Series {
  const value: uPlot.Series.Value = (_chart, _value, _series, index) => text(index ?? undefined);
  if (kind === "line") {
    const points = { size: 5, fill: color, filter: isolatedPoints };
    return { label, value, stroke: color, width: 1.75, points };
  }
  const bars = uPlot.paths.bars?.({ size: [0.8, 40], radius: 0.15 });
  return {
    label,
    value,
    fill: color,
    width: 0,
    points: { show: false },
    ...(bars === undefined ? {} : { paths: bars }),
  };
}

/** A point between two gaps has no line, so it is drawn even where points are too dense to be drawn. */
function isolatedPoints(chart: uPlot, series: number, areShown: boolean): number[] | null {
  if (areShown) return null;
  const values = chart.data[series] ?? [];
  const isGap = (index: number) => (values[index] ?? null) === null;
  return [...values.keys()].filter((index) => !isGap(index) && isGap(index - 1) && isGap(index + 1));
}

const clock = new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" });
const hours = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric" });

/** The time of day; the date at midnight and where ticks are days apart. */
function timeLabels(_chart: uPlot, ticks: number[]): string[] {
  return ticks.map((seconds) => {
    const time = new Date(seconds * 1_000);
    const isMidnight = time.getHours() === 0 && time.getMinutes() === 0;
    return (isMidnight ? days : hours).format(time);
  });
}

/** Colours as the canvas needs them, because it knows no custom properties and no `light-dark()`. */
function resolverOf(place: HTMLElement): (property: string) => string {
  return (property) => {
    const probe = document.createElement("span");
    probe.style.color = `var(${property})`;
    place.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}

/** A number that changes with the theme. */
function useThemeChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const change = () => setChanges((count) => count + 1);
    const isDark = matchMedia("(prefers-color-scheme: dark)");
    const observer = new MutationObserver(change);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    isDark.addEventListener("change", change);
    return () => {
      observer.disconnect();
      isDark.removeEventListener("change", change);
    };
  }, []);
  return changes;
}
