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
  ["executionFuel", "Fuel of an execution", "what all of its turns compute together"],
  ["turnFuel", "Fuel of a turn", "what it computes between two results"],
  ["memoryMib", "Memory, MiB", "of which the engine takes some 10"],
  ["calls", "Host calls", "in all"],
  ["callsInFlight", "Host calls at once", "that wait for their answers"],
  ["payloadBytes", "Payload, bytes", "what it is begun with"],
  ["resultBytes", "Result, bytes", "what it returns"],
  ["fetchRequestBytes", "Request, bytes", "the body of one that it sends"],
  ["fetchResponseBytes", "Response, bytes", "the body of one that it receives"],
  ["stateValueBytes", "State value, bytes", "one value of ctx.state, as JSON"],
  ["journalBytes", "Journal, bytes", "what host calls ask and are answered"],
  ["logLineBytes", "Console line, bytes", "what is beyond is cut"],
  ["logBytes", "Console, bytes", "all lines that are kept"],
];

/** What executions of a workflow may use. */
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
      about="What an execution may use, as far as the operator allows. They are for executions that begin afterwards. What is empty has its default."
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
