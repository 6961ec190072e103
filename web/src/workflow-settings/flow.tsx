import type { WorkflowSettings } from "#client";
import { useState } from "react";
import { Link } from "wouter";
import { TextArea } from "../components/field.tsx";
import { FormError } from "../components/form-errors.ts";
import { Section } from "../components/page.tsx";
import { useAttempt } from "../components/use-attempt.ts";
import { parseJsonText } from "../model/json-text.ts";
import { SettingsForm } from "./settings-form.tsx";
import { useChangeSettings } from "./use-settings.ts";

/** The flow control of a workflow, which replaces that of its code member by member. */
export function FlowControlSettings({
  workflowId,
  settings: { flow },
  refusal,
}: {
  readonly workflowId: string;
  readonly settings: WorkflowSettings;
  readonly refusal: string | undefined;
}) {
  const [typed, setTyped] = useState<string>();
  const change = useChangeSettings(workflowId);
  const text = typed ?? (flow === undefined ? "" : JSON.stringify(flow, null, 2));
  const saving = useAttempt(async () => {
    const parsed = parseJsonText(text);
    if ("error" in parsed) throw new FormError([{ pointer: "#/flow", detail: parsed.error }]);
    const next = parsed.value as WorkflowSettings["flow"] | null;
    await change(({ flow: _before, ...rest }) =>
      next === null || next === undefined ? rest : { ...rest, flow: next },
    );
    setTyped(undefined);
  });
  return (
    <Section
      title="Flow control"
      about={
        <>
          How many executions run, and when they start. Each member replaces that of <code>flow</code> in the
          code. See its <Link href={`/queues/workflow%3A${workflowId}`}>queue</Link>.
        </>
      }
    >
      <SettingsForm saving={saving} action="Save flow control" refusal={refusal}>
        <TextArea
          label="Flow"
          at="#/flow"
          value={text}
          rows={5}
          onChange={setTyped}
          hint={
            <>
              JSON such as <code>{'{"concurrency": {"total": 10, "perKey": 1, "key": "/customer/id"}}'}</code>
              . Empty uses the code alone.
            </>
          }
        />
      </SettingsForm>
    </Section>
  );
}
