import type { ExperimentReport } from "../../experiments/experiment.ts";
import {
  callText,
  changeText,
  outcomeText,
  placeText,
  repeatText,
  summaryText,
} from "../../experiments/row-text.ts";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";

/** The table of an experiment. Steps in the same line follow each other without repeating it. */
export function experimentLines(report: ExperimentReport, { style }: Terminal): readonly string[] {
  const rows = report.rows.map((row) => [
    row.place === undefined ? "" : printableLine(placeText(row.place)),
    printableLine(callText(row.name)),
    changeText(row),
    shortened(printableLine([outcomeText(row), ...row.repeats.map(repeatText)].join("; "))),
  ]);
  const [head = "", ...lines] = table(["place", "step", "what goes wrong", "what the workflow does"], rows);
  const { control } = report;
  const notes = control.isAsRecorded
    ? []
    : [style("yellow", `Without a failure, the run does not end as recorded: ${control.status}`)];
  return [...notes, ...(rows.length === 0 ? [] : [style("dim", head), ...lines]), summaryText(report)];
}

function shortened(text: string): string {
  return text.length <= 240 ? text : `${text.slice(0, 239)}…`;
}
