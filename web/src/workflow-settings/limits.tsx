import type { WorkflowSettings } from "#client";
import { useState } from "react";
import { defaultExecutionLimits } from "#domain/execution-limits.ts";
import { TextField } from "../components/field.tsx";
import { FormError } from "../components/form-errors.ts";
import { Section } from "../components/page.tsx";
import { useAttempt } from "../components/use-attempt.ts";
import { SettingsForm } from "./settings-form.tsx";
import { useChangeSettings } from "./use-settings.ts";
import { errorsOfWholeNumber, parseWholeNumber } from "./whole-number.ts";

type Limits = NonNullable<WorkflowSettings["limits"]>;
type Name = keyof Limits;

const { memoryPages, ...others } = defaultExecutionLimits;
const defaults: Readonly<Record<Name, number>> = { ...others, memoryMib: memoryPages / 16 };

const limits: readonly (readonly [Name, label: string, hint: string])[] = [
  ["executionFuel", "Fuel per execution", "instructions of all turns"],
  ["turnFuel", "Fuel per turn", "instructions between two results"],
  ["memoryMib", "Memory, MiB", "the engine uses about 10"],
  ["calls", "Host calls", "total"],
  ["callsInFlight", "Concurrent host calls", "pending at the same time"],
  ["payloadBytes", "Payload, bytes", "input of the execution"],
  ["resultBytes", "Result, bytes", "value that the execution returns"],
  ["fetchRequestBytes", "Request, bytes", "body of a sent request"],
  ["fetchResponseBytes", "Response, bytes", "body of a received response"],
  ["stateValueBytes", "State value, bytes", "one value of ctx.state, as JSON"],
  ["journalBytes", "Journal, bytes", "parameters and results of host calls"],
  ["logLineBytes", "Console line, bytes", "longer lines are truncated"],
  ["logBytes", "Console, bytes", "all retained lines"],
];

/** The limits of a workflow's executions. */
export function LimitSettings({
  workflowId,
  settings,
  refusal,
}: {
  readonly workflowId: string;
  readonly settings: WorkflowSettings;
  readonly refusal: string | undefined;
}) {
  const [typed, setTyped] = useState<Partial<Record<Name, string>>>({});
  const change = useChangeSettings(workflowId);
  const textOf = (name: Name) => typed[name] ?? settings.limits?.[name]?.toString() ?? "";
  const saving = useAttempt(async () => {
    const texts = limits.map(([name]) => [name, textOf(name).trim()] as const);
    const set = texts.filter(([, text]) => text !== "");
    const errors = set.flatMap(([name, text]) => errorsOfWholeNumber(`#/limits/${name}`, text));
    if (errors.length > 0) throw new FormError(errors);
    const next = Object.fromEntries(set.map(([name, text]) => [name, parseWholeNumber(text)])) as Limits;
    await change(({ limits: _before, ...rest }) => (set.length === 0 ? rest : { ...rest, limits: next }));
    setTyped({});
  });
  return (
    <Section
      title="Limits"
      about="Limits of one execution, up to those of the operator. They apply to executions that start afterwards. Empty fields use the default."
    >
      <SettingsForm saving={saving} action="Save limits" refusal={refusal}>
        <div className="fields">
          {limits.map(([name, label, hint]) => (
            <TextField
              key={name}
              label={label}
              at={`#/limits/${name}`}
              hint={hint}
              value={textOf(name)}
              placeholder={defaults[name].toLocaleString("en")}
              onChange={(text) => setTyped({ ...typed, [name]: text })}
            />
          ))}
        </div>
      </SettingsForm>
    </Section>
  );
}
