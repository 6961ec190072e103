import { Button } from "../../components/button.tsx";
import { RadioField, TextArea, TextField } from "../../components/field.tsx";
import { timeZoneNames, viewerZone } from "../../time/zoned.ts";
import type { ScheduleDraft, Source } from "./schedule-draft.ts";

export interface DraftFieldsProps {
  readonly draft: ScheduleDraft;
  readonly onChange: (change: Partial<ScheduleDraft>) => void;
}

const sources: readonly { readonly value: Source; readonly label: string; readonly hint: string }[] = [
  { value: "cron", label: "At times of the calendar", hint: "Patterns in local time." },
  { value: "every", label: "At an interval", hint: "Independent of clock changes, from one second." },
  { value: "at", label: "Once, or at a few times", hint: "The schedule ends after the last one." },
];

/** When a schedule runs. */
export function WhenFields({ draft, onChange }: DraftFieldsProps) {
  return (
    <>
      <RadioField
        label="Runs"
        value={draft.source}
        options={sources}
        onChange={(source) => onChange({ source })}
      />
      {draft.source === "cron" ? <CronFields draft={draft} onChange={onChange} /> : null}
      {draft.source === "every" ? <IntervalFields draft={draft} onChange={onChange} /> : null}
      {draft.source === "at" ? <TimesField draft={draft} onChange={onChange} /> : null}
    </>
  );
}

function CronFields({ draft, onChange }: DraftFieldsProps) {
  return (
    <div className="fields">
      <TextArea
        label="Cron patterns"
        at="#/spec/cron"
        value={draft.cron}
        rows={3}
        onChange={(cron) => onChange({ cron })}
        hint={
          <>
            One per line: minute, hour, day, month, weekday; seconds first if there are 6 fields. Also{" "}
            <code>L</code>, <code>#</code> and <code>@daily</code>.
          </>
        }
      />
      <TimeZoneField draft={draft} onChange={onChange} />
    </div>
  );
}

function TimeZoneField({ draft, onChange }: DraftFieldsProps) {
  return (
    <TextField
      label="Time zone"
      at="#/spec/timeZone"
      value={draft.timeZone}
      list={timeZoneNames()}
      onChange={(timeZone) => onChange({ timeZone })}
      hint={`Yours is ${viewerZone}.`}
    />
  );
}

function IntervalFields({ draft, onChange }: DraftFieldsProps) {
  return (
    <div className="fields">
      <TextField
        label="Every"
        at="#/spec/every"
        value={draft.every}
        placeholder="5m"
        onChange={(every) => onChange({ every })}
        hint="30s, 5m, 1h30m or PT5M. Counted from the start of 1970 in UTC."
      />
      <TextField
        label="Offset"
        at="#/spec/offset"
        value={draft.offset}
        placeholder="none"
        onChange={(offset) => onChange({ offset })}
        hint="Shifts all runs, by less than the interval."
      />
    </div>
  );
}

function TimesField({ draft, onChange }: DraftFieldsProps) {
  const set = (index: number, time: string) => onChange({ at: draft.at.with(index, time) });
  return (
    <div className="stack tight">
      {draft.at.map((time, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the times have no identity of their own
        <div key={index} className="row">
          <TextField
            type="datetime-local"
            label={draft.at.length === 1 ? "Time" : `Time ${index + 1}`}
            at={`#/spec/at/${index}`}
            value={time}
            onChange={(text) => set(index, text)}
            hint={index === 0 ? `In your time zone, ${viewerZone}.` : undefined}
          />
          {draft.at.length === 1 ? null : (
            <Button size="small" kind="quiet" onClick={() => onChange({ at: draft.at.toSpliced(index, 1) })}>
              Remove
            </Button>
          )}
        </div>
      ))}
      <div>
        <Button size="small" icon="plus" onClick={() => onChange({ at: [...draft.at, ""] })}>
          Add a time
        </Button>
      </div>
    </div>
  );
}
