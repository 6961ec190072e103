import type { ReactNode } from "react";
import type { ExperimentKind } from "#experiments/experiment.ts";
import { summaryText } from "#experiments/row-text.ts";
import { Button } from "../components/button.tsx";
import { ExperimentTable, type ShowPlace } from "./experiment-table.tsx";
import type { ExperimentRuns, ExperimentState } from "./use-experiment.ts";
import "./experiments.css";

export interface ExperimentsPanelProps {
  readonly experiment: ExperimentRuns;
  /** What the experiments repeat. */
  readonly subject: ReactNode;
  /** Why no experiment can start, as a sentence. */
  readonly refusal: string | undefined;
  readonly onStart: (kind: ExperimentKind) => void;
  readonly onGo: ShowPlace;
}

const kinds: readonly (readonly [ExperimentKind, string])[] = [
  ["fail-each-call", "Fail every call once"],
  ["crash-each-step", "Crash at each step"],
];

/** What the draft does if one thing goes wrong: a table with a row for each run. */
export function ExperimentsPanel({ experiment, subject, refusal, onStart, onGo }: ExperimentsPanelProps) {
  const { state, isUnderWay, stop } = experiment;
  return (
    <div className="experiments">
      <div className="experiments-head">
        <p className="soft">{subject}</p>
        {kinds.map(([kind, name]) => (
          <Button
            key={kind}
            size="small"
            icon="play"
            refusal={isUnderWay ? "An experiment is in progress." : refusal}
            onClick={() => onStart(kind)}
          >
            {name}
          </Button>
        ))}
      </div>
      {state === undefined ? null : <Progress state={state} isUnderWay={isUnderWay} onStop={stop} />}
      {state === undefined || state.rows.length === 0 ? null : (
        <ExperimentTable rows={state.rows} onGo={onGo} />
      )}
    </div>
  );
}

function Progress({
  state,
  isUnderWay,
  onStop,
}: {
  readonly state: ExperimentState;
  readonly isUnderWay: boolean;
  readonly onStop: () => void;
}) {
  const { rows, total, report, why } = state;
  return (
    <div className="experiments-status">
      <p role="status" data-failed={why === undefined ? undefined : true}>
        {why ??
          (report === undefined
            ? `Run ${rows.length + 1}${total === undefined ? "" : ` of ${total}`}…`
            : `${summaryText(report)}.`)}
        {report === undefined || report.control.isAsRecorded ? null : (
          <span className="soft">
            {" "}
            Without a failure, the draft does not end as recorded: it is {report.control.status}.
          </span>
        )}
      </p>
      {isUnderWay ? (
        <>
          <progress
            aria-label="Runs of the experiment"
            {...(total === undefined ? {} : { value: rows.length, max: total })}
          />
          <Button size="small" icon="stop" onClick={onStop}>
            Cancel experiment
          </Button>
        </>
      ) : null}
    </div>
  );
}
