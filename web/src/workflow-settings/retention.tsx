import type { WorkflowSettings } from "#client";
import { useState } from "react";
import { defaultRetentionDays } from "#domain/limits.ts";
import { Confirm } from "../components/confirm.tsx";
import { TextField } from "../components/field.tsx";
import { FormError } from "../components/form-errors.ts";
import { Section } from "../components/page.tsx";
import { useAttempt } from "../components/use-attempt.ts";
import { SettingsForm } from "./settings-form.tsx";
import { useChangeSettings } from "./use-settings.ts";
import { errorsOfWholeNumber, parseWholeNumber } from "./whole-number.ts";

const at = "#/retentionHours";

/** The retention of a workflow's ended executions. */
export function RetentionSettings({
  workflowId,
  settings: { retentionHours },
  refusal,
}: {
  readonly workflowId: string;
  readonly settings: WorkflowSettings;
  readonly refusal: string | undefined;
}) {
  const [typed, setTyped] = useState<string>();
  const [asked, setAsked] = useState<number>();
  const change = useChangeSettings(workflowId);
  const text = typed ?? retentionHours?.toString() ?? "";
  const set = async (hours: number | undefined) => {
    await change(({ retentionHours: _before, ...rest }) =>
      hours === undefined ? rest : { ...rest, retentionHours: hours },
    );
    setTyped(undefined);
  };
  const saving = useAttempt(async () => {
    const errors = text.trim() === "" ? [] : errorsOfWholeNumber(at, text);
    if (errors.length > 0) throw new FormError(errors);
    const hours = text.trim() === "" ? undefined : parseWholeNumber(text);
    if (hours !== undefined && hours < (retentionHours ?? Infinity)) setAsked(hours);
    else await set(hours);
  });
  return (
    <Section
      title="Retention"
      about="How long an ended execution is retained, with its input, result, steps, console output and idempotency key. Changes apply within minutes, also to executions that have already ended. Running executions are never deleted."
    >
      <SettingsForm saving={saving} action="Save retention" refusal={refusal}>
        <div className="fields">
          <TextField
            label="Hours after the end"
            at={at}
            value={text}
            onChange={setTyped}
            placeholder={(defaultRetentionDays * 24).toLocaleString("en")}
            hint={`24 is a day, 168 a week. Leave empty for the default of the installation, ${defaultRetentionDays} days unless the operator has changed it.`}
          />
        </div>
      </SettingsForm>
      {asked === undefined ? null : (
        <Confirm
          title={`Delete executions that ended more than ${hoursOf(asked)} ago?`}
          action="Delete executions"
          onConfirm={async () => await set(asked)}
          onClose={() => setAsked(undefined)}
        >
          Those of {workflowId} are removed within minutes, and from now on {hoursOf(asked)} after their end.
          They can be neither looked at nor retried then. This cannot be taken back.
        </Confirm>
      )}
    </Section>
  );
}

function hoursOf(hours: number): string {
  return hours === 1 ? "an hour" : `${hours.toLocaleString("en")} hours`;
}
