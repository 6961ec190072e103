import { useState } from "react";
import { useLocation } from "wouter";
import { api } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { RadioField, TextField } from "../components/field.tsx";
import { FormError } from "../components/form-errors.ts";
import { Segments } from "../components/segments.tsx";
import { rememberFirstInput } from "../model/first-input.ts";
import { readWorkflow } from "../model/versions-api.ts";
import { whyNotWorkflowId } from "../model/workflow-id.ts";
import { firstDraft, type TemplateLanguage, templates } from "./templates.ts";

/** Creates a draft with a name and a template, and opens the editor. */
export function NewWorkflowDialog({ onClose }: { readonly onClose: () => void }) {
  const [language, setLanguage] = useState<TemplateLanguage>("typescript");
  const [chosen, setChosen] = useState(0);
  const [typed, setTyped] = useState<string>();
  const [, navigate] = useLocation();
  const template = templates[chosen];
  const workflowId = typed ?? template?.id ?? "";
  const whyNot = whyNotWorkflowId(workflowId);
  const create = async () => {
    if (whyNot !== undefined) throw invalidName(whyNot);
    await rejectTakenName(workflowId);
    await api.put("/workflows/{workflowId}/draft", {
      params: { path: { workflowId } },
      headers: { "if-none-match": "*" },
      body: firstDraft(language, template),
    });
    if (template !== undefined) rememberFirstInput(workflowId, template.input);
    navigate(`/workflows/${workflowId}/editor`);
  };
  return (
    <Dialog title="New workflow" submit="Create" onSubmit={create} onClose={onClose}>
      <Segments
        label="Language"
        value={language}
        options={[
          ["typescript", "TypeScript"],
          ["python", "Python"],
        ]}
        onChange={setLanguage}
      />
      <RadioField
        label="Template"
        value={String(chosen)}
        onChange={(value) => setChosen(Number(value))}
        options={templates.map(({ title, about }, index) => ({
          value: String(index),
          label: title,
          hint: about,
        }))}
      />
      <TextField
        label="Name"
        at="workflowId"
        value={workflowId}
        onChange={setTyped}
        mono
        required
        maxLength={63}
        hint="Part of its URL: a letter, then letters, digits and “-”. It cannot be changed later."
        error={workflowId === "" ? undefined : whyNot}
      />
    </Dialog>
  );
}

/** A draft would not conflict with a workflow that was deployed without one. */
async function rejectTakenName(workflowId: string): Promise<void> {
  if ((await readWorkflow(workflowId)) === null) return;
  throw invalidName(`Workflow "${workflowId}" already exists. Choose another name.`);
}

function invalidName(detail: string): FormError {
  return new FormError([{ parameter: "workflowId", detail }]);
}
