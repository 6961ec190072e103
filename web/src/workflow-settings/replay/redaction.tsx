import type { WorkflowSettings } from "#client";
import { useState } from "react";
import { TextArea } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { SettingsForm } from "../settings-form.tsx";
import { useChangeSettings } from "../use-settings.ts";

/** What is redacted in recordings and reports of checks before they leave the server. */
export function RedactionSettings({
  workflowId,
  settings: { recordings },
  refusal,
}: {
  readonly workflowId: string;
  readonly settings: WorkflowSettings;
  readonly refusal: string | undefined;
}) {
  const [headers, setHeaders] = useState(recordings?.redact?.headers?.join("\n") ?? "");
  const [body, setBody] = useState(recordings?.redact?.body?.join("\n") ?? "");
  const change = useChangeSettings(workflowId);
  const saving = useAttempt(async () => {
    const redact = { ...listOf("headers", headers), ...listOf("body", body) };
    await change(({ recordings: before, ...rest }) => {
      const { redact: _before, ...others } = before ?? {};
      const next = { ...others, ...(Object.keys(redact).length === 0 ? {} : { redact }) };
      return Object.keys(next).length === 0 ? rest : { ...rest, recordings: next };
    });
  });
  return (
    <Section
      title="Redaction"
      about="Values that are redacted in recordings of executions and in reports of checks before they leave the server. Authorization, cookies and other headers of common credentials are redacted always."
    >
      <SettingsForm saving={saving} action="Save redaction" refusal={refusal}>
        <TextArea
          label="Redacted headers"
          at="#/recordings/redact/headers"
          value={headers}
          onChange={setHeaders}
          rows={3}
          hint={
            <>
              Headers of requests and responses, one per line: <code>x-session</code>.
            </>
          }
        />
        <TextArea
          label="Redacted values"
          at="#/recordings/redact/body"
          value={body}
          onChange={setBody}
          rows={3}
          hint={
            <>
              JSON Pointers into payloads, bodies, events, state values and results, one per line:{" "}
              <code>/customer/email</code>, <code>/items/*/card</code>. <code>*</code> stands for each element
              of a list or each member of an object.
            </>
          }
        />
      </SettingsForm>
    </Section>
  );
}

/** The lines of a text as a member with this name; without lines there is none. */
function listOf(
  name: "headers" | "body",
  text: string,
): { readonly headers?: string[]; readonly body?: string[] } {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.length === 0 ? {} : { [name]: lines };
}
