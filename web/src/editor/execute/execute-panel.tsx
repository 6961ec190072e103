import { useId, useState } from "react";
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
import { curlCommand } from "./curl-command.ts";
import { type Started, beginExecution } from "./execute-api.ts";
import { LiveExecution } from "./live-execution.tsx";

export interface ExecutePanelProps {
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
  workflowId,
  input,
  currentVersion,
  hasChanges,
  onBegin,
  onGo,
}: ExecutePanelProps) {
  const id = useId();
  const [idempotencyKey, setKey] = useState("");
  const [started, setStarted] = useState<Started>();
  const forbidden = useRefusal("executions:run", workflowId);
  const parsed = parsePayload(input.payload);
  const { entryPoint } = input;
  const request = parsed.ok ? { workflowId, payload: parsed.value, entryPoint, idempotencyKey } : undefined;
  const { isBusy, error, attempt } = useAttempt(async () => {
    if (request === undefined) return;
    onBegin();
    setStarted(await beginExecution(request));
  });
  const whyNotKey = whyNotIdempotencyKey(idempotencyKey);
  const wrong =
    (parsed.ok ? undefined : "The payload is not JSON.") ?? whyNotEntryPoint(entryPoint) ?? whyNotKey;
  const refusal =
    forbidden ??
    (currentVersion === undefined ? "Nothing is deployed yet. Deploy the draft first." : undefined) ??
    wrong;
  return (
    <div className="stack">
      <div className="field">
        <label htmlFor={`${id}-key`}>Idempotency key</label>
        <input
          id={`${id}-key`}
          className="input mono"
          value={idempotencyKey}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="none"
          aria-invalid={whyNotKey !== undefined}
          aria-describedby={`${id}-key-hint`}
          onChange={({ target }) => setKey(target.value)}
        />
        <div id={`${id}-key-hint`}>
          {whyNotKey === undefined ? null : <p className="field-error">{whyNotKey}</p>}
          <p className="field-hint">
            Optional, such as order-4711. Requests with the same key return the first execution.
          </p>
        </div>
      </div>
      <div className="row">
        <Button kind="primary" icon="play" busy={isBusy} refusal={refusal} onClick={attempt}>
          {currentVersion === undefined ? "Execute" : `Execute version ${currentVersion}`}
        </Button>
        {request === undefined || wrong !== undefined ? null : (
          <CopyButton text={() => curlCommand(location.origin, request)} what="as curl" showsWhat />
        )}
      </div>
      <p className="soft" aria-live="polite">
        {currentVersion === undefined
          ? "Runs the current version on the server. Nothing is deployed yet. Deploy the draft first."
          : hasChanges
            ? `Runs version ${currentVersion} on the server. It does not include your latest changes. Deploy the draft to run them.`
            : `Runs version ${currentVersion} on the server, durably. It matches the draft.`}
      </p>
      {error === undefined ? null : <Problem error={error} />}
      {started === undefined ? null : (
        <LiveExecution key={started.executionId} started={started} onRetried={setStarted} onGo={onGo} />
      )}
    </div>
  );
}
