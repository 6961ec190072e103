import type { WorkflowSettings } from "#client";
import { useState } from "react";
import { RadioField, TextArea, TextField } from "../components/field.tsx";
import { Section } from "../components/page.tsx";
import { useAttempt } from "../components/use-attempt.ts";
import { SettingsForm } from "./settings-form.tsx";
import { useChangeSettings } from "./use-settings.ts";

/** The allowed destinations of a workflow's fetches. */
export function EgressSettings({
  workflowId,
  settings: { egress },
  refusal,
}: {
  readonly workflowId: string;
  readonly settings: WorkflowSettings;
  readonly refusal: string | undefined;
}) {
  const [mode, setMode] = useState<"all" | "some">(egress?.allow === undefined ? "all" : "some");
  const [hosts, setHosts] = useState(egress?.allow?.join("\n") ?? "");
  const [methods, setMethods] = useState(egress?.methods?.join(", ") ?? "");
  const change = useChangeSettings(workflowId);
  const saving = useAttempt(async () => {
    const only = wordsOf(methods.toUpperCase());
    const allowed = { allow: wordsOf(hosts), ...(only.length === 0 ? {} : { methods: only }) };
    await change(({ egress: before, ...rest }) => {
      const rate = before?.rate === undefined ? {} : { rate: before.rate };
      const next = { ...(mode === "all" ? {} : allowed), ...rate };
      return Object.keys(next).length === 0 ? rest : { ...rest, egress: next };
    });
  });
  return (
    <Section
      title="Egress"
      about="Destinations of fetches. Applies to running executions from their next request."
    >
      <SettingsForm saving={saving} action="Save egress" refusal={refusal}>
        <RadioField
          label="Allowed destinations"
          value={mode}
          onChange={setMode}
          options={[
            { value: "all", label: "Any destination the operator allows" },
            { value: "some", label: "Only these hosts" },
          ]}
        />
        {mode === "some" ? (
          <>
            <TextArea
              label="Hosts"
              at="#/egress/allow"
              value={hosts}
              onChange={setHosts}
              rows={4}
              hint={
                <>
                  One per line: <code>api.stripe.com</code>, <code>*.example.com</code>,{" "}
                  <code>api.example.com:8443</code>. HTTPS unless prefixed with <code>http://</code>. An empty
                  list blocks all fetches.
                </>
              }
            />
            <TextField
              label="Methods"
              at="#/egress/methods"
              value={methods}
              onChange={setMethods}
              placeholder="all"
              mono
              hint="GET, POST… Leave empty for all methods."
            />
          </>
        ) : null}
      </SettingsForm>
    </Section>
  );
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
