import type { PreviewProgress, PreviewSession, PreviewState } from "#preview/contract/preview.ts";
import { formatBytes } from "../../bytes.ts";
import { Button } from "../../components/button.tsx";
import { Logs } from "../../components/logs.tsx";
import { Timeline } from "../../components/timeline.tsx";
import type { Place } from "../monaco/code-editor.tsx";
import { Outcome } from "../panel/outcome.tsx";
import { RunStatus } from "../panel/run-status.tsx";
import { ClockControls } from "./clock-controls.tsx";
import { type PreviewOptions, withAnswer } from "./preview-options.ts";
import { PreviewSettings } from "./preview-settings.tsx";
import { Waiting } from "./waiting.tsx";
import "./preview.css";

export interface PreviewPanelProps {
  readonly options: PreviewOptions;
  readonly onOptions: (options: PreviewOptions) => void;
  readonly session: PreviewSession | undefined;
  readonly progress: PreviewProgress | undefined;
  /** Why running is disabled. */
  readonly refusal: string | undefined;
  readonly onRun: () => void;
  readonly onGo: (place: Place) => void;
}

/** Runs the draft in this browser with the engine of the server, and shows its progress. */
export function PreviewPanel(props: PreviewPanelProps) {
  const { options, onOptions, session, progress, refusal, onRun } = props;
  const isUnderWay =
    progress?.phase === "preparing" || (progress?.phase === "started" && !isOver(progress.state));
  return (
    <div className="stack">
      <details className="panel-details">
        <summary>Clock, fetches, mock responses and secrets</summary>
        <PreviewSettings options={options} onChange={onOptions} />
      </details>
      <div className="row">
        <Button kind="primary" icon="play" refusal={refusal} onClick={onRun}>
          Preview
        </Button>
        <kbd className="keys">{runKeys}</kbd>
        {isUnderWay && session !== undefined ? (
          <Button icon="stop" onClick={() => session.cancel()}>
            Cancel
          </Button>
        ) : null}
      </div>
      {progress === undefined || session === undefined ? (
        <p className="soft">
          Runs the draft in this browser with the server's engine, steps and limits. Nothing is deployed, and
          waits are skipped.
        </p>
      ) : (
        <Progress {...props} progress={progress} session={session} />
      )}
    </div>
  );
}

/** The keyboard shortcut of a preview. */
const runKeys = navigator.userAgent.includes("Mac") ? "⌘ Enter" : "Ctrl Enter";

function isOver({ status }: PreviewState): boolean {
  return status !== "running" && status !== "waiting";
}

function Progress({
  progress,
  ...props
}: PreviewPanelProps & { readonly progress: PreviewProgress; readonly session: PreviewSession }) {
  switch (progress.phase) {
    case "preparing":
      return <Preparing progress={progress} />;
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

function Preparing({ progress }: { readonly progress: PreviewProgress & { readonly phase: "preparing" } }) {
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
  onOptions,
  onGo,
}: Omit<PreviewPanelProps, "progress"> & { readonly state: PreviewState; readonly session: PreviewSession }) {
  const { status, result, failure, steps, logs, waitingFor, recorded } = state;
  return (
    <div className="stack">
      <div className="row">
        <RunStatus status={status} waitingFor={isOver(state) || isAskedFor(state) ? [] : waitingFor} />
        <ClockControls state={state} session={session} byHand={options.clock === "manual"} />
      </div>
      <Waiting
        state={state}
        session={session}
        onRemember={(answer) => onOptions(withAnswer(options, answer))}
      />
      {isOver(state) ? <Outcome result={result} failure={failure} onGo={onGo} /> : null}
      <Timeline
        steps={steps}
        now={Date.parse(state.now)}
        hasEnded={isOver(state)}
        hasFailed={status === "failed"}
      />
      {logs.length === 0 ? null : <Logs lines={logs} />}
      {isOver(state) && recorded.length > 0 ? (
        <div>
          <Button
            size="small"
            onClick={() => onOptions(recorded.reduceRight((all, answer) => withAnswer(all, answer), options))}
          >
            Reuse in later previews
          </Button>
        </div>
      ) : null}
    </div>
  );
}
