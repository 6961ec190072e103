import type { WorkflowSettings } from "#client";
import { useState } from "react";
import { Section } from "../components/page.tsx";
import { useAttempt } from "../components/use-attempt.ts";
import { SettingsForm } from "./settings-form.tsx";
import { useChangeSettings } from "./use-settings.ts";

/** Whether fetches of a workflow continue the trace of its executions. */
export function TracingSettings({
  workflowId,
  settings: { traceparent = false },
  refusal,
}: {
  readonly workflowId: string;
  readonly settings: WorkflowSettings;
  readonly refusal: string | undefined;
}) {
  const [chosen, choose] = useState<boolean>();
  const change = useChangeSettings(workflowId);
  const isSent = chosen ?? traceparent;
  const saving = useAttempt(async () => {
    await change(({ traceparent: _before, ...rest }) => (isSent ? { ...rest, traceparent: true } : rest));
    choose(undefined);
  });
  return (
    <Section
      title="Tracing"
      about="Lets the servers it fetches from continue the trace of an execution. Applies to executions that start afterwards."
    >
      <SettingsForm saving={saving} action="Save tracing" refusal={refusal}>
        <label className="choice">
          <input type="checkbox" checked={isSent} onChange={() => choose(!isSent)} />
          <span>
            Send <code>traceparent</code> with fetches
            <span className="field-hint choice-hint">
              The header reveals the IDs of the trace and the execution to every server that the workflow
              fetches from.
            </span>
          </span>
        </label>
      </SettingsForm>
    </Section>
  );
}
