import type { Failure, Step } from "#client";
import type { FetchAttempt, RequestRecord } from "#domain/execution.ts";

/** A step of an execution or a preview, as shown in a timeline. */
export interface TimelineStep extends Omit<
  Step,
  "child" | "reused" | "result" | "error" | "attemptHistory" | "request"
> {
  readonly child?: { readonly executionId: string; readonly workflowId: string };
  readonly reused?: true;
  /** In a preview on a recording: where the answer comes from. */
  readonly source?: "recorded" | "edited" | "real";
  readonly attemptHistory?: readonly Readonly<FetchAttempt>[];
  readonly request?: RequestRecord;
  readonly result?: unknown;
  readonly error?: Readonly<Failure>;
}

/** Operations during which nothing is done. */
const waiting: ReadonlySet<string> = new Set(["sleep", "timer", "wait", "grace", "cancellation"]);

export function isWaiting({ operation }: Pick<TimelineStep, "operation">): boolean {
  return waiting.has(operation);
}

/** Start and end in milliseconds since the Unix epoch. A pending step ends at `now`. */
export function spanOf(step: TimelineStep, now: number): { readonly from: number; readonly to: number } {
  const from = step.startedAt === undefined ? now : Date.parse(step.startedAt);
  const to =
    step.endedAt === undefined ? (step.outcome === "pending" ? now : from) : Date.parse(step.endedAt);
  return { from, to: Math.max(from, to) };
}

/** The name without the operation, which is shown separately: `GET https://api.example.com/orders`. */
export function subjectOf({ name, operation }: Pick<TimelineStep, "name" | "operation">): string {
  return name.startsWith(`${operation} `) ? name.slice(operation.length + 1) : name;
}

/** The status of a `fetch` with a response. */
export function httpStatusOf({ operation, httpStatus, result }: TimelineStep): number | undefined {
  if (operation !== "fetch" || httpStatus !== undefined) return httpStatus;
  const value = field(result, "value");
  const status = field(value, "status") ?? field(result, "status");
  return typeof status === "number" ? status : undefined;
}

/** The outcome as text. A step without a result in an ended execution was abandoned. */
export function outcomeText(step: TimelineStep, hasEnded: boolean): string {
  const tried = step.attempts === undefined ? "" : `, ${step.attempts} attempts`;
  if (step.reused === true) return `reused from the retried execution${tried}`;
  if (step.outcome === "abandoned" || (step.outcome === "pending" && hasEnded)) return "abandoned";
  if (step.waitsForHost !== undefined) return `waits for ${step.waitsForHost}`;
  if (step.outcome === "pending") return isWaiting(step) ? "waiting" : "running";
  const status = httpStatusOf(step);
  if (status !== undefined && step.outcome === "succeeded") return `HTTP ${status}${tried}`;
  return `${step.outcome}${tried}`;
}

/** Whether the step failed, or is a `fetch` with an error status. */
export function isBad(step: TimelineStep): boolean {
  return step.outcome === "failed" || (httpStatusOf(step) ?? 0) >= 400;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
