import { setTimeout as delay } from "node:timers/promises";
import type { ApiAnswer, ReachableInstance } from "../support/instance.ts";
import type { Ending } from "./model.ts";
import type { ProgramPayload, Report } from "./workflow/actions.ts";
import type { Entry } from "./workflow/history.ts";

/** An ended execution, as Duranium's API shows it. */
export interface EndedExecution {
  readonly executionId: string;
  /** The position in the program of its run where it started. */
  readonly root: string;
  readonly run: number;
  readonly status: "completed" | "failed" | "cancelled";
  /** Milliseconds since the Unix epoch. */
  readonly completedAt: number;
  /** Its outcome; `undefined` if it was cancelled. */
  readonly ending?: Ending;
  /** Its history, as reported at its end. */
  readonly history: readonly Entry[];
  readonly lines: readonly LogLine[];
}

/** A console line as the API has it. */
export interface LogLine {
  readonly number: number;
  readonly level: string;
  /** ISO 8601. */
  readonly time: string;
  readonly arguments: readonly unknown[];
}

/** Retries until there is a response, whatever is killed. The execution must have ended. */
export async function readEnded(instance: ReachableInstance, executionId: string): Promise<EndedExecution> {
  const detail = await detailOf(instance, executionId);
  const { run, at: root } = detail.input as ProgramPayload;
  const completedAt = Date.parse(detail.completedAt);
  const { history, ...ending } = reportOf(detail);
  const lines = await linesOf(instance, executionId);
  return { executionId, run, root, status: detail.status, completedAt, history, lines, ...ending };
}

/** The state of an execution that has not ended: its workflow, its status, and what it waits for. */
export async function standingOf(instance: ReachableInstance, executionId: string): Promise<string> {
  const { input, status, steps, lastFailure } = await getSurely(instance, `/executions/${executionId}`);
  const { run, at } = input as ProgramPayload;
  const pending = (steps as { readonly name: string; readonly outcome: string }[])
    .filter(({ outcome }) => outcome === "pending")
    .map(({ name }) => name);
  const failure = lastFailure === undefined ? "" : `; its last attempt failed with ${lastFailure.message}`;
  return `run ${run} at ${at} (${executionId}) hangs: it is ${status}, and waits for ${pending.join(", ")}${failure}`;
}

/** Polls until it has ended. */
async function detailOf(instance: ReachableInstance, executionId: string): Promise<ApiAnswer["body"]> {
  for (;;) {
    const body = await getSurely(instance, `/executions/${executionId}`);
    if (isEnded(body)) return body;
    await delay(100);
  }
}

export function isEnded({ status }: ApiAnswer["body"]): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

function reportOf({
  status,
  result,
  failure,
}: ApiAnswer["body"]): Pick<EndedExecution, "ending" | "history"> {
  if (status === "cancelled") return { history: [] };
  const report: Report = status === "completed" ? result : reportWithin(failure.message);
  const { history } = report;
  if ("value" in report) return { ending: { ok: true, value: report.value }, history };
  return { ending: { ok: false, message: report.message }, history };
}

/** A failure that is not a report does not come from the program. */
function reportWithin(message: string): Report {
  try {
    return JSON.parse(message) as Report;
  } catch {
    return { message, history: [] };
  }
}

async function linesOf(instance: ReachableInstance, executionId: string): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  let query = "limit=200";
  for (;;) {
    const { items, cursor } = await getSurely(instance, `/executions/${executionId}/logs?${query}`);
    lines.push(...(items as LogLine[]).map(structured));
    if (cursor === undefined) return lines;
    query = `limit=200&cursor=${cursor}`;
  }
}

/** A line of Python is text, which programs write as JSON. */
function structured(line: LogLine): LogLine {
  const [text] = line.arguments;
  const isJson = line.arguments.length === 1 && typeof text === "string" && text.startsWith("[");
  return isJson ? { ...line, arguments: JSON.parse(text) as readonly unknown[] } : line;
}

export async function getSurely(instance: ReachableInstance, path: string): Promise<ApiAnswer["body"]> {
  for (;;) {
    const answer = await instance.request("GET", path).catch(() => undefined);
    if (answer?.status === 200) return answer.body;
    if (answer !== undefined && answer.status < 500)
      throw new Error(`GET ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    await delay(100);
  }
}
