import { useState } from "react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { RequestRecord } from "#domain/execution.ts";
import { maxStepBytes } from "#domain/limits.ts";
import { api } from "../api.ts";
import { formatBytes } from "../bytes.ts";
import { formatDuration } from "#base/duration-text.ts";
import { Moment } from "../time/moment.tsx";
import { Button } from "./button.tsx";
import { Facts } from "./facts.tsx";
import { FailureView } from "./failure.tsx";
import { JsonView } from "./json-view.tsx";
import { Problem } from "./problem.tsx";
import { outcomeText, spanOf } from "./step.ts";
import type { TimelineStep } from "./step.ts";
import { Table } from "./table.tsx";
import { useAttempt } from "./use-attempt.ts";
import type { Attempt } from "./use-attempt.ts";

/** The details of a step. */
export function StepDetails({
  executionId,
  step: shortStep,
  begin,
  now,
  hasEnded,
  asked,
  children,
}: {
  /** Absent in a preview. */
  readonly executionId: string | undefined;
  readonly step: TimelineStep;
  readonly begin: number;
  readonly now: number;
  readonly hasEnded: boolean;
  /** What the workflow passed to the host, shown if there is no record of a request. */
  readonly asked?: unknown;
  /** Shown between the facts and the request. */
  readonly children?: ReactNode;
}) {
  const { step, load } = useWholeStep(executionId, shortStep);
  const { from, to } = spanOf(step, now);
  return (
    <div className="step-details">
      <p className="step-name">{step.name}</p>
      <Facts
        facts={[
          ["Outcome", outcomeText(step, hasEnded)],
          [
            "Started",
            step.startedAt === undefined ? undefined : (
              <StartedAt key="began" at={step.startedAt} after={from - begin} />
            ),
          ],
          [
            "Duration",
            step.outcome === "pending" ? `${formatDuration(to - from)} so far` : formatDuration(to - from),
          ],
          ["Wakes at", step.wakesAt === undefined ? undefined : <Moment key="wakes" at={step.wakesAt} />],
          ["Size", step.resultBytes === undefined ? undefined : formatBytes(step.resultBytes)],
          [
            "Execution",
            step.child === undefined ? undefined : (
              <Link key="child" href={`/executions/${step.child.executionId}`}>
                {step.child.workflowId}
              </Link>
            ),
          ],
        ]}
      />
      {children}
      {step.request === undefined ? (
        asked === undefined ? null : (
          <JsonView value={asked} label="Arguments" />
        )
      ) : (
        <JsonView value={shownRequest(step.request)} label="Request" />
      )}
      {step.attemptHistory === undefined ? null : <AttemptTable attempts={step.attemptHistory} />}
      {step.error === undefined ? null : <FailureView failure={step.error} />}
      {step.result === undefined ? (
        <MissingResult step={step} load={load} />
      ) : (
        <JsonView value={shownResult(step)} label={step.operation === "fetch" ? "Response" : "Result"} />
      )}
    </div>
  );
}

/** The attempts of a fetch, each with the wait before the next one. */
function AttemptTable({ attempts }: { readonly attempts: NonNullable<TimelineStep["attemptHistory"]> }) {
  return (
    <Table label="Attempts" columns={["Attempt", "Outcome", "Duration", "Wait before next"]}>
      {attempts.map(({ status, error, durationMs, waitMs }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- they only ever grow at the end
        <tr key={index}>
          <th scope="row">{index + 1}</th>
          <td>{status === undefined ? error : `HTTP ${status}`}</td>
          <td className="nowrap">{formatDuration(durationMs)}</td>
          <td className="nowrap">{waitMs === undefined ? "" : formatDuration(waitMs)}</td>
        </tr>
      ))}
    </Table>
  );
}

function shownRequest({ method, url, headers, body, bodyBytes }: RequestRecord): unknown {
  return {
    method,
    url,
    headers: mergedHeaders(headers),
    ...(bodyBytes === 0
      ? {}
      : { body: body === undefined ? `(binary, ${formatBytes(bodyBytes)})` : parsed(body) }),
  };
}

/** Values of repeated headers are joined, as in HTTP. */
function mergedHeaders(headers: readonly (readonly [string, string])[]): Record<string, string> {
  const values = Map.groupBy(headers, ([name]) => name);
  return Object.fromEntries(
    Array.from(values, ([name, pairs]) => [name, pairs.map(([, value]) => value).join(", ")]),
  );
}

function StartedAt({ at, after }: { readonly at: string; readonly after: number }) {
  return (
    <>
      <Moment at={at} /> (after {formatDuration(after)})
    </>
  );
}

/** Why there is no result, or a button that loads a large one. */
function MissingResult({
  step: { outcome, error, resultBytes },
  load: { isBusy, error: failure, attempt },
}: {
  readonly step: TimelineStep;
  readonly load: Attempt;
}) {
  if (outcome === "pending") return <p className="faint">No result yet</p>;
  if (error !== undefined) return null;
  if (resultBytes === undefined) return <p className="faint">No result</p>;
  if (resultBytes > maxStepBytes) return <p className="faint">Result too large to display</p>;
  return (
    <div className="row">
      <span className="faint">Large result.</span>
      <Button size="small" busy={isBusy} onClick={attempt}>
        Load result
      </Button>
      {failure === undefined ? null : <Problem error={failure} />}
    </div>
  );
}

/** A step with the parts that are omitted from the timeline, once loaded. */
function useWholeStep(executionId: string | undefined, step: TimelineStep) {
  const [whole, setWhole] = useState<TimelineStep>();
  const load = useAttempt(async () => {
    if (executionId === undefined) return;
    const path = { executionId, index: step.index };
    setWhole(await api.get("/executions/{executionId}/steps/{index}", { params: { path } }));
  });
  return { step: whole ?? step, load };
}

/** The result without its journal envelope, which workflows do not see; the response of a fetch. */
function shownResult({ operation, result }: TimelineStep): unknown {
  if (typeof result !== "object" || result === null || !("value" in result)) return result;
  const { value, ...body } = result as { readonly value: unknown; readonly text?: unknown };
  if (operation === "fetch") return responseOf(value, body);
  return Object.keys(body).length === 0 ? value : result;
}

function responseOf(head: unknown, body: { readonly text?: unknown }): unknown {
  if (typeof head !== "object" || head === null) return head;
  const { headers, ...rest } = head as { readonly headers?: readonly [string, string][] };
  const { text, ...others } = body;
  const shownBody = typeof text === "string" ? { body: parsed(text) } : others;
  return { ...rest, headers: mergedHeaders(headers ?? []), ...shownBody };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
