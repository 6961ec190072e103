import { parseDuration } from "#base/duration.ts";
import { SelectField, TextField } from "../components/field.tsx";
import { isoOfInput } from "../time/local-input.ts";
import { viewerZone } from "../time/zoned.ts";

/** When an execution starts, as typed. */
export interface StartTime {
  readonly kind: "now" | "delay" | "at";
  /** A duration such as `10m`, or the value of a datetime-local input. */
  readonly text: string;
}

export const startNow: StartTime = { kind: "now", text: "" };

const kinds = [
  ["now", "Now"],
  ["delay", "After a delay"],
  ["at", "At a time"],
] as const;

/** When an execution starts. */
export function StartTimeFields({
  value: { kind, text },
  error,
  onChange,
}: {
  readonly value: StartTime;
  /** Why the time is invalid, as a sentence. */
  readonly error?: string | undefined;
  readonly onChange: (value: StartTime) => void;
}) {
  return (
    <div className="fields">
      <SelectField
        label="Start"
        value={kind}
        options={kinds}
        onChange={(next) => onChange({ kind: next, text: "" })}
      />
      {kind === "delay" ? (
        <TextField
          label="Delay"
          at="delay"
          value={text}
          placeholder="10m"
          error={error}
          onChange={(delay) => onChange({ kind, text: delay })}
          hint="10m, 2h30m or PT2H; up to a year."
        />
      ) : null}
      {kind === "at" ? (
        <TextField
          type="datetime-local"
          label="Time"
          at="#/scheduledAt"
          value={text}
          error={error}
          onChange={(at) => onChange({ kind, text: at })}
          hint={`In your time zone, ${viewerZone}.`}
        />
      ) : null}
    </div>
  );
}

/** The query parameters of the start time. */
export function startQuery({ kind, text }: StartTime): { readonly delay?: string; readonly at?: string } {
  if (kind === "delay") return { delay: text.trim() };
  const at = kind === "at" ? isoOfInput(text) : undefined;
  return at === undefined ? {} : { at };
}

/** The start time as an instant; `undefined` if it is incomplete. */
export function startInstant({ kind, text }: StartTime, now: number): string | undefined {
  if (kind === "at") return isoOfInput(text);
  const delayMs = kind === "now" ? 0 : parseDuration(text);
  return Number.isNaN(delayMs) ? undefined : new Date(now + delayMs).toISOString();
}

/** Why the start time cannot be used, as a sentence. */
export function whyNotStartTime({ kind, text }: StartTime): string | undefined {
  if (kind === "delay" && Number.isNaN(parseDuration(text))) return "Enter a delay such as 10m or 2h30m.";
  return kind === "at" && isoOfInput(text) === undefined ? "Enter a date and time." : undefined;
}
