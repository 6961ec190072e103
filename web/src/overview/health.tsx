import type { Overview as Figures } from "#client";
import { Link } from "wouter";
import { Icon } from "../components/icon.tsx";
import { count } from "../model/plural.ts";
import { number } from "./figures-text.ts";

/** Whether everything is all right, and what is not. */
export function Health({
  figures: {
    health: { status, problems },
    runs,
  },
  period,
}: {
  readonly figures: Figures;
  /** In words, for what was counted: `hour`. */
  readonly period: string;
}) {
  const ended = runs.completed + runs.failed + runs.cancelled;
  return (
    <div className="health" data-status={status} role="status">
      <Icon name={status === "ok" ? "check" : "alert"} size={20} />
      <div className="grow">
        <p className="health-title">
          {status === "ok" ? wellText(runs.failed) : count(problems.length, "problem")}
        </p>
        {status === "ok" ? (
          <p className="soft">
            {ended === 0
              ? `No executions ended in the last ${period}.`
              : `${count(ended, "execution")} ended in the last ${period}, ${number(runs.failed)} of them failed.`}
          </p>
        ) : null}
        {problems.length === 0 ? null : (
          <ul>
            {problems.map(({ message, workflowId }) => (
              <li key={message}>
                {workflowId === undefined ? (
                  message
                ) : (
                  <Link href={`/failures?workflow=${workflowId}`}>{message}</Link>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function wellText(failed: number): string {
  return failed === 0 ? "Everything is all right" : "No open problems";
}
