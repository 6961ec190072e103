import type { WorkflowSettings } from "#client";
import { useState } from "react";
import { CheckboxGroup, TextField } from "../../components/field.tsx";
import { FormError } from "../../components/form-errors.ts";
import { Section } from "../../components/page.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { checkedExecutions } from "../../editor/check/check-api.ts";
import { outcomes, outcomeWords } from "../../editor/check/outcome-words.ts";
import { SettingsForm } from "../settings-form.tsx";
import { useChangeSettings } from "../use-settings.ts";
import { errorsOfWholeNumber, parseWholeNumber } from "../whole-number.ts";

type Requirement = NonNullable<NonNullable<WorkflowSettings["deploy"]>["requireReplayCheck"]>;
type Outcome = NonNullable<Requirement["allow"]>[number];

const at = "#/deploy/requireReplayCheck";

/** Whether a source can be deployed only after a replay check of it has passed. */
export function DeployRequirement({
  workflowId,
  settings: { deploy },
  refusal,
}: {
  readonly workflowId: string;
  readonly settings: WorkflowSettings;
  readonly refusal: string | undefined;
}) {
  const before = deploy?.requireReplayCheck;
  const [isRequired, setRequired] = useState(before !== undefined);
  const [last, setLast] = useState(before?.last?.toString() ?? "");
  const [allow, setAllow] = useState<readonly Outcome[]>(before?.allow ?? []);
  const change = useChangeSettings(workflowId);
  const saving = useAttempt(async () => {
    const required = isRequired ? { requireReplayCheck: requirementOf(last.trim(), allow) } : {};
    await change(({ deploy: { requireReplayCheck: _before, ...others } = {}, ...rest }) => {
      const next = { ...others, ...required };
      return Object.keys(next).length === 0 ? rest : { ...rest, deploy: next };
    });
  });
  return (
    <Section
      title="Deploys"
      about="Whether a source must pass a check against recent executions within a day before it is deployed. A deploy that gives a reason skips the check, and the audit log keeps the reason."
    >
      <SettingsForm saving={saving} action="Save deploys" refusal={refusal}>
        <label className="choice">
          <input type="checkbox" checked={isRequired} onChange={() => setRequired(!isRequired)} />
          <span>Require a replay check</span>
        </label>
        {isRequired ? (
          <>
            <div className="fields">
              <TextField
                label="Latest executions"
                at={`${at}/last`}
                value={last}
                onChange={setLast}
                placeholder={checkedExecutions.toString()}
                hint="How many the check must include, unless there are fewer."
              />
            </div>
            <AllowedOutcomes allow={allow} onChange={setAllow} />
          </>
        ) : null}
      </SettingsForm>
    </Section>
  );
}

function AllowedOutcomes({
  allow,
  onChange,
}: {
  readonly allow: readonly Outcome[];
  readonly onChange: (allow: readonly Outcome[]) => void;
}) {
  return (
    <CheckboxGroup label="Differences that do not block a deploy" at={`${at}/allow`} value={allow}>
      {outcomes
        .filter((outcome) => outcome !== "same")
        .map((outcome) => (
          <label key={outcome} className="choice">
            <input
              type="checkbox"
              checked={allow.includes(outcome)}
              onChange={({ target: { checked } }) =>
                onChange(checked ? [...allow, outcome] : allow.filter((each) => each !== outcome))
              }
            />
            <span>
              {outcomeWords[outcome].name}
              <span className="field-hint choice-hint">{outcomeWords[outcome].about}</span>
            </span>
          </label>
        ))}
    </CheckboxGroup>
  );
}

/** @throws {FormError} if the number of executions cannot be read */
function requirementOf(last: string, allow: readonly Outcome[]): Requirement {
  const errors = last === "" ? [] : errorsOfWholeNumber(`${at}/last`, last);
  if (errors.length > 0) throw new FormError(errors);
  const number = parseWholeNumber(last);
  return {
    ...(last === "" || number === undefined ? {} : { last: number }),
    ...(allow.length === 0 ? {} : { allow: [...allow] }),
  };
}
