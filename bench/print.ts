import type { Comparison, Result } from "./bench.ts";
import type { Summary } from "./statistics.ts";

/** A comparison as lines of the table. Of each figure: the median of the rounds, and the least and the most of them. */
export function linesOf({ what, unit, results }: Comparison): readonly string[] {
  const [ours] = results;
  const width = Math.max(...results.map(({ name }) => name.length));
  const rows = results.map((result) => {
    const figures = Object.entries(result.figures).map(([name, summary]) => `${name} ${textOf(summary)}`);
    return [`    ${result.name.padEnd(width)}`, ...figures, ...ratioText(ours, result)].join("   ").trimEnd();
  });
  return [`  ${what} (${unit})`, ...rows];
}

/** What ours, the first, is of theirs, by the first figure that both have. */
function ratioOf(ours: Result | undefined, theirs: Result): number | undefined {
  if (ours === undefined || theirs.name.startsWith("ours")) return undefined;
  const [figure] = Object.keys(ours.figures).filter((name) => name in theirs.figures);
  if (figure === undefined) return undefined;
  return (ours.figures[figure]?.median ?? Number.NaN) / (theirs.figures[figure]?.median ?? Number.NaN);
}

function ratioText(ours: Result | undefined, theirs: Result): readonly string[] {
  const ratio = ratioOf(ours, theirs);
  return ratio === undefined ? [] : [`ours is ${numberText(ratio)} of it`];
}

function textOf({ median, min, max, rounds }: Summary): string {
  const range = rounds.length === 1 ? "" : `(${numberText(min)} to ${numberText(max)})`;
  return `${numberText(median).padStart(7)} ${range.padEnd(18)}`;
}

/** Three digits that mean something. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return "—";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}
