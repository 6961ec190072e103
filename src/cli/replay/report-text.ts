import type { ReplayOutcome } from "../../domain/outcome.ts";
import type { ReplayItem } from "../../replay/replay-item.ts";
import { printableLine, printableText } from "../output/printable.ts";
import type { Terminal } from "../output/terminal.ts";

const titles: Readonly<Record<ReplayOutcome, string>> = {
  same: "same",
  otherResult: "other result",
  different: "different call",
  asksForMore: "asks for more",
  endsEarlier: "ends earlier",
  throws: "throws",
  notComparable: "not comparable",
};

/** `47 same, 2 different call, 1 asks for more` */
export function summaryText(items: readonly Pick<ReplayItem, "outcome">[]): string {
  const counts = Object.entries(titles).map(([outcome, title]) => {
    const count = items.filter((item) => item.outcome === outcome).length;
    return count === 0 ? "" : `${count} ${title}`;
  });
  return counts.filter((count) => count !== "").join(", ") || "no recordings";
}

/** One paragraph for each difference, with the executions that have it. Executions that use more fuel are not the same. */
export function reportLines(
  items: readonly ReplayItem[],
  { style }: Pick<Terminal, "style">,
): readonly string[] {
  const shown = items.filter((item) => item.outcome !== "same" || item.fuel !== undefined);
  const groups = Map.groupBy(shown, (item) => itemLines({ ...item, executionId: "" }).join("\n"));
  return [...groups.values()].flatMap((same) => {
    const [item] = same;
    if (item === undefined) return [];
    const others = same.length - 1;
    const executionId = others === 0 ? item.executionId : `${item.executionId} and ${others} more`;
    const [first = "", ...rest] = itemLines({ ...item, executionId });
    return [style(item.outcome === "same" ? "dim" : "yellow", first), ...rest.map((line) => `  ${line}`)];
  });
}

/** What differs, on lines of plain text. */
export function itemLines(item: ReplayItem): readonly string[] {
  const { executionId, outcome, step, expected, actual, failure, place, differences = [], fuel } = item;
  const at = place === undefined ? "" : ` at ${place.file}:${place.line}`;
  const number = step === undefined ? "" : `, step ${step + 1}`;
  return [
    printableLine(`${executionId}: ${titles[outcome]}${number}${at}${item.fixed === true ? " (fixed)" : ""}`),
    ...(expected === undefined ? [] : [callText("before", expected)]),
    ...(actual === undefined ? [] : [callText("now", actual)]),
    ...(failure === undefined ? [] : [printableLine(`${failure.name}: ${failure.message}`)]),
    ...(item.reason === undefined ? [] : [printableLine(item.reason)]),
    ...differences.map(
      ({ path, before, after }) =>
        `${printableLine(path === "" ? "result" : path)}: ${valueText(before)} → ${valueText(after)}`,
    ),
    ...(fuel === undefined
      ? []
      : [`fuel: ${fuel.before.toLocaleString("en-US")} → ${fuel.after.toLocaleString("en-US")}`]),
  ];
}

function callText(when: string, { name, arguments: given, body }: NonNullable<ReplayItem["actual"]>): string {
  const what = body?.text ?? (name.startsWith("fetch ") || given === undefined ? "" : JSON.stringify(given));
  return printableLine(`${when}: ${name} ${shortened(what)}`.trimEnd());
}

function valueText(value: unknown): string {
  return value === undefined ? "(absent)" : printableText(shortened(JSON.stringify(value)));
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
