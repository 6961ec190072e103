import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Form } from "../../components/form.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { LimitFields, PolicyFields } from "./more-fields.tsx";
import { RunFields } from "./run-fields.tsx";
import { specOf } from "./schedule-draft.ts";
import type { ScheduleDraft } from "./schedule-draft.ts";
import { SpecPreview } from "./spec-preview.tsx";
import { WhenFields } from "./when-fields.tsx";
import "./schedule-form.css";

/** The form of a schedule with a preview of its next runs. */
export function ScheduleForm({
  initial,
  isNew,
  workflows,
  refusal,
  onSave,
}: {
  readonly initial: ScheduleDraft;
  readonly isNew: boolean;
  /** Suggestions. */
  readonly workflows: readonly string[];
  readonly refusal: string | undefined;
  readonly onSave: (draft: ScheduleDraft) => Promise<void>;
}) {
  const [draft, setDraft] = useState(initial);
  const change = (part: Partial<ScheduleDraft>) => setDraft((before) => ({ ...before, ...part }));
  const saving = useAttempt(async () => await onSave(draft));
  const hasLimits = [initial.startAt, initial.endAt, initial.skip, initial.jitter].some(
    (text) => text !== "",
  );
  return (
    <div className="schedule-editor">
      <Form
        className="stack loose"
        error={saving.error}
        onSubmit={() => {
          if (refusal === undefined) saving.attempt();
        }}
      >
        <fieldset className="card card-body stack" aria-label="Execution">
          <RunFields draft={draft} onChange={change} workflows={workflows} isNew={isNew} />
        </fieldset>
        <fieldset className="card card-body stack" aria-label="Times">
          <WhenFields draft={draft} onChange={change} />
          <details open={hasLimits || undefined}>
            <summary>Bounds, holidays and jitter</summary>
            <LimitFields draft={draft} onChange={change} />
          </details>
        </fieldset>
        <fieldset className="card card-body stack" aria-label="Policies">
          <PolicyFields draft={draft} onChange={change} />
          <TextField
            label="Note"
            at="#/note"
            value={draft.note}
            onChange={(note) => change({ note })}
            placeholder="none"
          />
        </fieldset>
        <div>
          <Button type="submit" kind="primary" busy={saving.isBusy} refusal={refusal}>
            {isNew ? "Create schedule" : "Save schedule"}
          </Button>
        </div>
      </Form>
      <SpecPreview spec={specOf(draft)} />
    </div>
  );
}
