import { useId, useState } from "react";
import type { ReactNode } from "react";
import { Button } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { Problem } from "../../components/problem.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import {
  parsePayload,
  type RunInput,
  whyNotEntryPoint,
  whyNotIdempotencyKey,
} from "../../model/run-input.ts";
import { useRefusal } from "../../session/session.tsx";
import type { Place } from "../monaco/code-editor.tsx";
import { RunColumns } from "../panel/run-columns.tsx";
import { startNow, startQuery, StartTimeFields, whyNotStartTime } from "../../executions/start-time.tsx";
import { curlCommand } from "./curl-command.ts";
import { type Started, beginExecution } from "./execute-api.ts";
import { LiveExecution } from "./live-execution.tsx";

export interface ExecutePanelProps {
  /** The fields of payload and entry point. */
  readonly fields: ReactNode;
  readonly workflowId: string;
  readonly input: RunInput;
  /** The version to execute; `undefined` if none is deployed. */
  readonly currentVersion: number | undefined;
  /** Whether the draft differs from that version. */
  readonly hasChanges: boolean;
  readonly onBegin: () => void;
  readonly onGo: (place: Place) => void;
}

/** Executes the current version on the server, and shows its progress. */
export function ExecutePanel({
  fields,
  workflowId,
  input,
  currentVersion,
  hasChanges,
  onBegin,
  onGo,
}: ExecutePanelProps) {
  const [idempotencyKey, setKey] = useState("");
  const [start, setStart] = useState(startNow);
  const [started, setStarted] = useState<Started>();
  const forbidden = useRefusal("executions:run", workflowId);
  const parsed = parsePayload(input.payload);
  const { entryPoint } = input;
  const request = parsed.ok
    ? { workflowId, payload: parsed.value, entryPoint, idempotencyKey, ...startQuery(start) }
    : undefined;
  const { isBusy, error, attempt } = useAttempt(async () => {
    if (request === undefined) return;
    onBegin();
    setStarted(await beginExecution(request));
  });
  const whyNotKey = whyNotIdempotencyKey(idempotencyKey);
  const wrong =
    (parsed.ok ? undefined : "The payload is not JSON.") ??
    whyNotEntryPoint(entryPoint) ??
    whyNotKey ??
    whyNotStartTime(start);
  const refusal =
    forbidden ??
    (currentVersion === undefined ? "Nothing is deployed yet. Deploy the draft first." : undefined) ??
    wrong;
  return (
    <RunColumns
      input={
        <>
          {fields}
          <KeyField value={idempotencyKey} error={whyNotKey} onChange={setKey} />
          <StartTimeFields
            value={start}
            error={start.text === "" ? undefined : whyNotStartTime(start)}
            onChange={setStart}
          />
          <div className="row">
            <Button kind="primary" icon="play" busy={isBusy} refusal={refusal} onClick={attempt}>
              {currentVersion === undefined ? "Execute" : `Execute version ${currentVersion}`}
            </Button>
            {request === undefined || wrong !== undefined ? null : (
              <CopyButton text={() => curlCommand(location.origin, request)} what="as curl" showsWhat />
            )}
          </div>
        </>
      }
    >
      <p className="soft" aria-live="polite">
        {aboutRun(currentVersion, hasChanges)}
      </p>
      {error === undefined ? null : <Problem error={error} />}
      {started === undefined ? null : (
        <LiveExecution key={started.executionId} started={started} onRetried={setStarted} onGo={onGo} />
      )}
    </RunColumns>
  );
}

function aboutRun(currentVersion: number | undefined, hasChanges: boolean): string {
  if (currentVersion === undefined)
    return "Runs the current version on the server. Nothing is deployed yet. Deploy the draft first.";
  return hasChanges
    ? `Runs version ${currentVersion} on the server. It does not include your latest changes. Deploy the draft to run them.`
    : `Runs version ${currentVersion} on the server, durably. It matches the draft.`;
}

function KeyField({
  value,
  error,
  onChange,
}: {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={`${id}-key`}>Idempotency key</label>
      <input
        id={`${id}-key`}
        className="input mono"
        value={value}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="none"
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-key-hint`}
        onChange={({ target }) => onChange(target.value)}
      />
      <div id={`${id}-key-hint`}>
        {error === undefined ? null : <p className="field-error">{error}</p>}
        <p className="field-hint">
          Optional, such as order-4711. Requests with the same key return the first execution.
        </p>
      </div>
    </div>
  );
}
