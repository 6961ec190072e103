import type { Comparison, Result } from "./bench.ts";
import type { Summary } from "./statistics.ts";

/**
 * A comparison as lines of the table: for each figure the median of the rounds, with their minimum and
 * maximum.
 */
export function linesOf({ what, unit, results }: Comparison): readonly string[] {
  const [first] = results;
  const width = Math.max(...results.map(({ name }) => name.length));
  const rows = results.map((result) => {
    const figures = Object.entries(result.figures).map(([name, summary]) => `${name} ${textOf(summary)}`);
    return [`    ${result.name.padEnd(width)}`, ...figures, ...ratioText(first, result)]
      .join("   ")
      .trimEnd();
  });
  return [`  ${what} (${unit})`, ...rows];
}

/** The ratio of the first contender to another one, by the first figure that both have. */
function ratioOf(first: Result | undefined, other: Result): number | undefined {
  if (first === undefined || other.name.startsWith("Duranium")) return undefined;
  const [figure] = Object.keys(first.figures).filter((name) => name in other.figures);
  if (figure === undefined) return undefined;
  return (first.figures[figure]?.median ?? Number.NaN) / (other.figures[figure]?.median ?? Number.NaN);
}

function ratioText(first: Result | undefined, other: Result): readonly string[] {
  const ratio = ratioOf(first, other);
  return ratio === undefined ? [] : [`ratio ${numberText(ratio)}`];
}

function textOf({ median, min, max, rounds }: Summary): string {
  const range = rounds.length === 1 ? "" : `(${numberText(min)} to ${numberText(max)})`;
  return `${numberText(median).padStart(7)} ${range.padEnd(18)}`;
}

/** Three significant digits. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return "—";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}
