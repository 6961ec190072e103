import type { ReactNode } from "react";
import type {
  PreviewProgress,
  PreviewSession,
  PreviewState,
  PreviewStep,
} from "#preview/contract/preview.ts";
import { formatBytes } from "../../bytes.ts";
import { Button } from "../../components/button.tsx";
import { Logs } from "../../components/logs.tsx";
import type { TimelineStep } from "../../components/step.ts";
import { Timeline } from "../../components/timeline.tsx";
import type { Place } from "../monaco/code-editor.tsx";
import { Outcome } from "../panel/outcome.tsx";
import { RunColumns } from "../panel/run-columns.tsx";
import { RunStatus } from "../panel/run-status.tsx";
import { runKeys } from "../run-keys.ts";
import { ClockControls } from "./clock-controls.tsx";
import { type PreviewOptions, withAnswer } from "./preview-options.ts";
import { PreviewSettings } from "./preview-settings.tsx";
import { Waiting } from "./waiting.tsx";
import "./preview.css";

export interface PreviewPanelProps {
  /** The fields of its input. */
  readonly input: ReactNode;
  /** Shown after the end of a run. */
  readonly end: ReactNode;
  /** Whether it runs on a recording. */
  readonly isRecorded: boolean;
  readonly options: PreviewOptions;
  readonly onOptions: (options: PreviewOptions) => void;
  readonly session: PreviewSession | undefined;
  readonly progress: PreviewProgress | undefined;
  readonly onGo: (place: Place) => void;
}

/** The input of previews of the draft, and the progress of the last one. */
export function PreviewPanel(props: PreviewPanelProps) {
  const { input, options, onOptions, session, progress } = props;
  return (
    <RunColumns
      input={
        <>
          {input}
          <details className="panel-details">
            <summary>Clock, fetches, mock responses and secrets</summary>
            <PreviewSettings options={options} onChange={onOptions} />
          </details>
        </>
      }
    >
      {progress === undefined || session === undefined ? (
        <p className="soft">
          Press Preview or <kbd className="keys">{runKeys}</kbd> to run the draft in this browser with the
          server&apos;s engine, steps and limits. Nothing is deployed, and waits are skipped.
        </p>
      ) : (
        <Progress {...props} progress={progress} session={session} />
      )}
    </RunColumns>
  );
}

/** Says where an answer comes from. Waits and the preview's own state have no other side. */
function withSource(step: PreviewStep): PreviewStep & Pick<TimelineStep, "source"> {
  const { recorded, isWritten = recorded?.isChanged, operation, outcome } = step;
  if (isWritten === true) return { ...step, source: "edited" };
  if (recorded !== undefined) return { ...step, source: "recorded" };
  const isReal = outcome !== "pending" && (operation === "fetch" || operation === "call");
  return isReal ? { ...step, source: "real" } : step;
}

function isOver({ status }: PreviewState): boolean {
  return status !== "running" && status !== "waiting";
}

function Progress({
  progress,
  ...props
}: PreviewPanelProps & { readonly progress: PreviewProgress; readonly session: PreviewSession }) {
  switch (progress.phase) {
    case "preparing":
      return <Preparing progress={progress} session={props.session} />;
    case "refused":
      return (
        <div className="outcome" data-failed role="alert">
          <h3>{progress.refusal.title}</h3>
          <p className="outcome-message">{progress.refusal.detail}</p>
        </div>
      );
    case "lost":
      return (
        <div className="outcome" data-failed role="alert">
          <h3>Preview stopped</h3>
          <p className="outcome-message">{progress.why}</p>
        </div>
      );
    case "started":
    default:
      return <Run {...props} state={progress.state} />;
  }
}

function Preparing({
  progress,
  session,
}: {
  readonly progress: PreviewProgress & { readonly phase: "preparing" };
  readonly session: PreviewSession;
}) {
  const { doing, loadedBytes, totalBytes } = progress;
  const words = `${doing.slice(0, 1).toUpperCase()}${doing.slice(1)}…`;
  return (
    <div className="preparing" role="status">
      <span>
        {words}{" "}
        {loadedBytes === undefined ? null : (
          <span className="soft">
            {formatBytes(loadedBytes)}
            {totalBytes === undefined ? "" : ` of ${formatBytes(totalBytes)}`}
          </span>
        )}
      </span>
      <progress
        aria-label={words}
        {...(totalBytes === undefined ? {} : { value: loadedBytes ?? 0, max: totalBytes })}
      />
      <CancelButton session={session} />
    </div>
  );
}

function CancelButton({ session }: { readonly session: PreviewSession }) {
  return (
    <div>
      <Button size="small" icon="stop" onClick={() => session.cancel()}>
        Cancel
      </Button>
    </div>
  );
}

/** Whether the cards below show what the run waits for. */
function isAskedFor({ pendingRequests, events, callbacks }: PreviewState): boolean {
  return pendingRequests.length + events.length + callbacks.length > 0;
}

function Run({
  state,
  session,
  options,
  end,
  isRecorded,
  onOptions,
  onGo,
}: Omit<PreviewPanelProps, "progress"> & { readonly state: PreviewState; readonly session: PreviewSession }) {
  const { status, result, failure, steps, logs, waitingFor, recorded } = state;
  return (
    <div className="stack">
      <div className="row">
        <RunStatus status={status} waitingFor={isOver(state) || isAskedFor(state) ? [] : waitingFor} />
        {isOver(state) ? null : <CancelButton session={session} />}
        <ClockControls state={state} session={session} byHand={options.clock === "manual"} />
      </div>
      <Waiting
        state={state}
        session={session}
        onRemember={(answer) => onOptions(withAnswer(options, answer))}
      />
      <div className="run-results">
        {isOver(state) ? <Outcome result={result} failure={failure} onGo={onGo} /> : null}
        <div className="stack">
          <Timeline
            steps={isRecorded ? steps.map(withSource) : steps}
            now={Date.parse(state.now)}
            hasEnded={isOver(state)}
            hasFailed={status === "failed"}
          />
          {logs.length === 0 ? null : <Logs lines={logs} />}
        </div>
      </div>
      {isOver(state) ? (
        <div className="row">
          {recorded.length === 0 ? null : (
            <Button
              size="small"
              onClick={() =>
                onOptions(recorded.reduceRight((all, answer) => withAnswer(all, answer), options))
              }
            >
              Reuse in later previews
            </Button>
          )}
          {end}
        </div>
      ) : null}
    </div>
  );
}
