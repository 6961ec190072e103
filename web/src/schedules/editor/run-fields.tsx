import { TextArea, TextField } from "../../components/field.tsx";
import type { DraftFieldsProps } from "./when-fields.tsx";

/** What a schedule executes. */
export function RunFields({
  draft,
  onChange,
  workflows,
  isNew,
}: DraftFieldsProps & { readonly workflows: readonly string[]; readonly isNew: boolean }) {
  return (
    <>
      <div className="fields">
        {isNew ? (
          <TextField
            label="ID"
            at="scheduleId"
            value={draft.id}
            placeholder="nightly-report"
            mono
            maxLength={128}
            autoComplete="off"
            onChange={(id) => onChange({ id })}
          />
        ) : null}
        <TextField
          label="Workflow"
          at="#/workflowId"
          value={draft.workflowId}
          list={workflows}
          autoComplete="off"
          onChange={(workflowId) => onChange({ workflowId })}
        />
        <TextField
          label="Entry point"
          at="#/entryPoint"
          value={draft.entryPoint}
          placeholder="none"
          mono
          onChange={(entryPoint) => onChange({ entryPoint })}
        />
        <TextField
          label="Version"
          at="#/version"
          value={draft.version}
          placeholder="current"
          onChange={(version) => onChange({ version })}
        />
      </div>
      <TextArea
        label="Payload"
        at="#/payload"
        value={draft.payload}
        rows={3}
        onChange={(payload) => onChange({ payload })}
        hint="JSON; null if it is empty."
      />
    </>
  );
}
