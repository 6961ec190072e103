import { SelectField, TextArea, TextField } from "../../components/field.tsx";
import type { Overlap } from "../schedule.ts";
import type { DraftFieldsProps } from "./when-fields.tsx";

export const overlapLabels: Readonly<Record<Overlap, string>> = {
  skip: "Skip the new run",
  "buffer-one": "Start one run afterwards",
  "buffer-all": "Start all runs afterwards, in order",
  "cancel-running": "Cancel the run in progress",
  allow: "Run both at the same time",
};

/** What happens when runs overlap, fail, or were missed. */
export function PolicyFields({ draft, onChange }: DraftFieldsProps) {
  return (
    <div className="fields">
      <SelectField
        label="While the previous run is in progress"
        at="#/overlap"
        value={draft.overlap}
        options={Object.entries(overlapLabels) as [Overlap, string][]}
        onChange={(overlap) => onChange({ overlap })}
      />
      <TextField
        label="Catch-up window"
        at="#/catchUp"
        value={draft.catchUp}
        placeholder="1h"
        onChange={(catchUp) => onChange({ catchUp })}
        hint="Runs missed in an outage start late within this window. Earlier ones count as missed."
      />
      <TextField
        label="Pause after failures in a row"
        at="#/pauseOnFailure"
        value={draft.pauseOnFailure}
        placeholder="never"
        onChange={(pauseOnFailure) => onChange({ pauseOnFailure })}
      />
      <TextField
        label="End after runs"
        at="#/remaining"
        value={draft.remaining}
        placeholder="never"
        onChange={(remaining) => onChange({ remaining })}
      />
    </div>
  );
}

/** Bounds and exceptions of the times. */
export function LimitFields({ draft, onChange }: DraftFieldsProps) {
  return (
    <div className="fields">
      <TextField
        type="datetime-local"
        label="Not before"
        at="#/spec/startAt"
        value={draft.startAt}
        onChange={(startAt) => onChange({ startAt })}
      />
      <TextField
        type="datetime-local"
        label="Not after"
        at="#/spec/endAt"
        value={draft.endAt}
        onChange={(endAt) => onChange({ endAt })}
      />
      <TextArea
        label="Days without runs"
        at="#/spec/skip"
        value={draft.skip}
        rows={3}
        onChange={(skip) => onChange({ skip })}
        hint={
          <>
            One per line: <code>2026-12-24</code> or <code>2026-12-31..2027-01-01</code>
          </>
        }
      />
      <TextField
        label="Jitter"
        at="#/spec/jitter"
        value={draft.jitter}
        placeholder="none"
        onChange={(jitter) => onChange({ jitter })}
        hint="Delays each start by less than this, to spread load."
      />
    </div>
  );
}
