import type { WorkflowSettings } from "#client";
import { useState } from "react";
import { Link } from "wouter";
import { TextArea } from "../../components/field.tsx";
import { FormError } from "../../components/form-errors.ts";
import { Section } from "../../components/page.tsx";
import { Segments } from "../../components/segments.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { parseJsonText } from "../../model/json-text.ts";
import { SettingsForm } from "../settings-form.tsx";
import { useChangeSettings } from "../use-settings.ts";
import { draftOf, flowOf, isRepresentable } from "./flow-draft.ts";
import type { Flow, FlowDraft } from "./flow-draft.ts";
import { FlowFields } from "./flow-fields.tsx";

/** What is typed, in one of two views. */
type Typed = { readonly draft: FlowDraft } | { readonly json: string };

const views = [
  ["form", "Form"],
  ["json", "JSON"],
] as const;

/** The flow control of a workflow, which replaces that of its code member by member. */
export function FlowControlSettings({
  workflowId,
  settings: { flow = {} },
  refusal,
}: {
  readonly workflowId: string;
  readonly settings: WorkflowSettings;
  readonly refusal: string | undefined;
}) {
  const [typed, setTyped] = useState<Typed>(() => viewOf(flow));
  const change = useChangeSettings(workflowId);
  const [viewError, setViewError] = useState<unknown>();
  const saving = useAttempt(async () => {
    setViewError(undefined);
    const next = read(typed);
    const isEmpty = Object.keys(next).length === 0;
    await change(({ flow: _before, ...rest }) => (isEmpty ? rest : { ...rest, flow: next }));
  });
  const show = (view: "form" | "json") => {
    if ((view === "form") === "draft" in typed) return;
    try {
      setTyped(asOther(typed));
      setViewError(undefined);
    } catch (error) {
      setViewError(error);
    }
  };
  return (
    <Section
      title="Flow control"
      about={
        <>
          How many executions run, and when they start. What is set here replaces the same part of{" "}
          <code>flow</code> in the code, and applies at once. See the{" "}
          <Link href={`/queues/workflow%3A${workflowId}`}>queue</Link>.
        </>
      }
      actions={
        <Segments
          label="View of the flow control"
          value={"draft" in typed ? "form" : "json"}
          options={views}
          onChange={show}
        />
      }
    >
      <SettingsForm
        saving={{ ...saving, error: viewError ?? saving.error }}
        action="Save flow control"
        refusal={refusal}
      >
        {"draft" in typed ? (
          <FlowFields draft={typed.draft} onChange={(draft) => setTyped({ draft })} />
        ) : (
          <TextArea
            label="Flow"
            at="#/flow"
            value={typed.json}
            rows={8}
            onChange={(json) => setTyped({ json })}
            hint="As in the code. Empty uses the code alone."
          />
        )}
      </SettingsForm>
    </Section>
  );
}

function viewOf(flow: Flow): Typed {
  return isRepresentable(flow) ? { draft: draftOf(flow) } : { json: jsonOf(flow) };
}

/** @throws {FormError} if it cannot be read, or not shown as a form */
function asOther(typed: Typed): Typed {
  const flow = read(typed);
  if ("draft" in typed) return { json: jsonOf(flow) };
  if (isRepresentable(flow)) return { draft: draftOf(flow) };
  throw new FormError([{ pointer: "#/flow", detail: "The form cannot show this. Edit it as JSON." }]);
}

function jsonOf(flow: Flow): string {
  return Object.keys(flow).length === 0 ? "" : JSON.stringify(flow, null, 2);
}

/** @throws {FormError} if it cannot be read */
function read(typed: Typed): Flow {
  if ("draft" in typed) return flowOf(typed.draft);
  const parsed = parseJsonText(typed.json);
  if ("error" in parsed) throw new FormError([{ pointer: "#/flow", detail: parsed.error }]);
  return parsed.value ?? {};
}
