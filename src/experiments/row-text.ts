import { messageWithCauses } from "../domain/outcome.ts";
import type { CallSite } from "../recordings/recording.ts";
import type { ExperimentChange, ExperimentReport, ExperimentRow, RepeatedEffect } from "./experiment.ts";

/** The texts of an experiment's table, on one line each. They contain texts of the workflow. */

const changeTexts: Readonly<Record<ExperimentChange, string>> = {
  "http-500": "status 500",
  "network-failure": "network failure",
  "workflow-failure": "the workflow fails",
  "no-event": "does not arrive",
  "crash-before-stored": "crash before its result is stored",
  "crash-after-stored": "crash after its result is stored",
};

/** What goes wrong: `network failure in all 3 attempts`. */
export function changeText({ change, attempts }: Pick<ExperimentRow, "change" | "attempts">): string {
  const text = changeTexts[change];
  return attempts === undefined ? text : `${text} in all ${attempts} attempts`;
}

/** What the workflow does: `fails at order.ts:8: Error: no stock`. */
export function outcomeText(row: ExperimentRow): string {
  const { outcome, failure, differences = [], waitingFor = [], endPlace } = row;
  const at = endPlace === undefined ? "" : ` at ${placeText(endPlace)}`;
  switch (outcome) {
    case "same":
      return row.isLater === true ? "ends the same, with later times" : "ends the same";
    case "otherResult":
      return `completes with another result: ${differenceText(differences)}`;
    case "fails":
      return failure === undefined ? "fails" : `fails${at}: ${failure.name}: ${messageWithCauses(failure)}`;
    case "asksForMore":
      return `makes a call that was not recorded${at}: ${waitingFor.join(", ")}`;
    case "waits":
      return `waits${at}: ${waitingFor.join(", ")}`;
    default:
      return "does not end in time";
  }
}

function differenceText(differences: NonNullable<ExperimentRow["differences"]>): string {
  const [first, ...others] = differences;
  if (first === undefined) return "";
  const { path, before, after } = first;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${path === "" ? "" : `${path}: `}${valueText(before)} → ${valueText(after)}${more}`;
}

function valueText(value: unknown): string {
  if (value === undefined) return "(absent)";
  const json = JSON.stringify(value);
  return json.length <= 60 ? json : `${json.slice(0, 59)}…`;
}

/** `POST /payments again (idempotent)` */
export function repeatText({ name, times, isIdempotent }: RepeatedEffect): string {
  const often = times === 1 ? "again" : `${times} times more`;
  return `${callText(name)} ${often}${isIdempotent ? " (idempotent)" : ""}`;
}

/** The name of a journal entry without its first word, for a `fetch`: `GET https://api.example.com/orders`. */
export function callText(name: string): string {
  return name.replace(/^fetch /, "");
}

export function placeText({ file, line }: CallSite): string {
  return `${file}:${line}`;
}

/** `12 runs: 9 end the same, 2 fail, 1 waits` */
export function summaryText({ rows, leftOut, isCancelled }: ExperimentReport): string {
  const counts = countedTexts.flatMap(([outcome, one, many]) => {
    const count = rows.filter((row) => row.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  const repeating = rows.filter(({ repeats }) => repeats.some(({ isIdempotent }) => !isIdempotent)).length;
  return [
    `${rows.length} ${rows.length === 1 ? "run" : "runs"}: ${counts.join(", ") || "nothing can fail"}`,
    ...(repeating === 0 ? [] : [`${repeating} ${repeating === 1 ? "repeats" : "repeat"} an effect`]),
    ...(leftOut === 0 ? [] : [`${leftOut} left out`]),
    ...(isCancelled ? ["cancelled"] : []),
  ].join("; ");
}

const countedTexts = [
  ["same", "ends the same", "end the same"],
  ["otherResult", "completes with another result", "complete with another result"],
  ["fails", "fails", "fail"],
  ["asksForMore", "makes calls that were not recorded", "make calls that were not recorded"],
  ["waits", "waits", "wait"],
  ["unfinished", "does not end", "do not end"],
] as const;
