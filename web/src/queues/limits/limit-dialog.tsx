import type { SharedLimit } from "#client";
import { useState } from "react";
import { Dialog } from "../../components/dialog.tsx";
import { TextField } from "../../components/field.tsx";
import { useToast } from "../../components/toast.tsx";
import { draftOf, limitOf, places } from "./limit-draft.ts";
import type { LimitDraft } from "./limit-draft.ts";
import { setSharedLimit, useReloadLimits } from "./limits-api.ts";

/** Creates or changes a limit that several workflows share. */
export function LimitDialog({
  limit: before,
  onClose,
}: {
  /** Absent for a new one. */
  readonly limit?: SharedLimit;
  readonly onClose: () => void;
}) {
  const [draft, setDraft] = useState(() => draftOf(before));
  const reload = useReloadLimits();
  const toast = useToast();
  const set = (change: Partial<LimitDraft>) => setDraft({ ...draft, ...change });
  const save = async () => {
    const limit = limitOf(draft);
    await setSharedLimit(limit);
    toast.done(`Limit ${limit.name} saved`);
    await reload();
  };
  return (
    <Dialog
      title={before === undefined ? "New shared limit" : `Edit ${before.name}`}
      submit={before === undefined ? "Create limit" : "Save limit"}
      onSubmit={save}
      onClose={onClose}
    >
      {before === undefined ? (
        <TextField
          label="Name"
          at="name"
          value={draft.name}
          placeholder="postgres"
          mono
          autoComplete="off"
          maxLength={63}
          onChange={(name) => set({ name })}
          hint="Workflows use it by this name, in their code or settings."
        />
      ) : (
        <p>Applies at once, also to queued executions. Executions above a lowered limit finish first.</p>
      )}
      <LimitFields draft={draft} onChange={set} />
    </Dialog>
  );
}

function LimitFields({
  draft,
  onChange,
}: {
  readonly draft: LimitDraft;
  readonly onChange: (change: Partial<LimitDraft>) => void;
}) {
  return (
    <div className="fields">
      <TextField
        label="At a time"
        at={places.total}
        value={draft.total}
        placeholder="no limit"
        onChange={(total) => onChange({ total })}
        hint="Executions that run at once."
      />
      <TextField
        label="Per key"
        at={places.perKey}
        value={draft.perKey}
        placeholder="no limit"
        onChange={(perKey) => onChange({ perKey })}
        hint="Of the same workflow, if it sets no key."
      />
      <TextField
        label="Starts"
        at={places.rate}
        value={draft.rate}
        placeholder="no limit"
        onChange={(rate) => onChange({ rate })}
        hint="Executions that start in the period."
      />
      <TextField
        label="In a period of"
        at="#/rateLimit/period"
        value={draft.period}
        placeholder="1m"
        onChange={(period) => onChange({ period })}
      />
      <TextField
        label="At once, after a quiet time"
        at={places.burst}
        value={draft.burst}
        placeholder="1"
        onChange={(burst) => onChange({ burst })}
      />
    </div>
  );
}
