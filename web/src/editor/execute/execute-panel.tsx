import { useId, useState } from "react";
import { Button } from "../../components/button.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { Problem } from "../../components/problem.tsx";
import { useRefusal } from "../../session/session.tsx";
import type { Place } from "../monaco/code-editor.tsx";
import { parsePayload, type RunInput, whyNotEntryPoint } from "../payload/run-input.ts";
import { type Begun, beginExecution } from "./execute-api.ts";
import { LiveExecution } from "./live-execution.tsx";

export interface ExecutePanelProps {
  readonly workflowId: string;
  readonly input: RunInput;
  /** The version that is run; `undefined` where none is deployed. */
  readonly currentVersion: number | undefined;
  /** Whether the draft is not what that version has. */
  readonly hasChanges: boolean;
  readonly onBegin: () => void;
  readonly onGo: (place: Place) => void;
}

/** Runs the current version on the server, and shows it while it runs. */
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
  const [begun, setBegun] = useState<Begun>();
  const forbidden = useRefusal("executions:run", workflowId);
  const parsed = parsePayload(input.payload);
  const { isBusy, error, attempt } = useAttempt(async () => {
    if (!parsed.ok) return;
    onBegin();
    const { entryPoint } = input;
    setBegun(await beginExecution({ workflowId, payload: parsed.value, entryPoint, idempotencyKey }));
  });
  const refusal =
    forbidden ??
    (currentVersion === undefined ? "Nothing is deployed yet: deploy the draft first." : undefined) ??
    (parsed.ok ? undefined : "The payload is not JSON.") ??
    whyNotEntryPoint(input.entryPoint);
  return (
    <div className="stack">
      <details className="panel-details">
        <summary>Headers</summary>
        <div className="field">
          <label htmlFor={`${id}-key`}>Idempotency-Key</label>
          <input
            id={`${id}-key`}
            className="input mono"
            value={idempotencyKey}
            autoComplete="off"
            spellCheck={false}
            placeholder="order-4711"
            onChange={({ target }) => setKey(target.value)}
          />
          <p className="field-hint">
            A second request with the same key begins nothing, and gets the first one's execution.
          </p>
        </div>
      </details>
      <div className="row">
        <Button kind="primary" icon="play" busy={isBusy} refusal={refusal} onClick={attempt}>
          {currentVersion === undefined ? "Execute" : `Execute version ${currentVersion}`}
        </Button>
      </div>
      <p className="soft" aria-live="polite">
        {currentVersion === undefined
          ? "Runs the current version on the server. There is none yet: deploy the draft first."
          : hasChanges
            ? `Version ${currentVersion} is current. What you changed since is not in it: deploy the draft to run that.`
            : `Runs version ${currentVersion} on the server, durably. It is what you see.`}
      </p>
      {error === undefined ? null : <Problem error={error} />}
      {begun === undefined ? null : (
        <LiveExecution key={begun.executionId} begun={begun} onRetried={setBegun} onGo={onGo} />
      )}
    </div>
  );
}
