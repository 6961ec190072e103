import { SelectField, TextField } from "../../components/field.tsx";
import type { Condition } from "../alert.ts";
import { conditionLabels } from "./condition.ts";
import type { RuleDraft } from "./rule-draft.ts";

/** When a rule reports. */
export function ConditionFields({
  draft,
  onChange,
}: {
  readonly draft: RuleDraft;
  readonly onChange: (change: Partial<RuleDraft>) => void;
}) {
  const { kind } = draft;
  return (
    <>
      <SelectField
        label="When"
        at="#/on/kind"
        value={kind}
        options={Object.entries(conditionLabels) as [Condition["kind"], string][]}
        onChange={(next) => onChange({ kind: next })}
      />
      <div className="fields">
        {kind === "failures-in-a-row" ? (
          <TextField
            label="Failures in a row"
            at="#/on/count"
            value={draft.count}
            onChange={(count) => onChange({ count })}
          />
        ) : null}
        {kind === "failure-rate" ? (
          <>
            <TextField
              label="Failure rate, %"
              at="#/on/percent"
              value={draft.percent}
              onChange={(percent) => onChange({ percent })}
            />
            <TextField
              label="Within"
              at="#/on/window"
              value={draft.window}
              onChange={(window) => onChange({ window })}
            />
            <TextField
              label="Minimum runs"
              at="#/on/minRuns"
              value={draft.minRuns}
              onChange={(minRuns) => onChange({ minRuns })}
            />
          </>
        ) : null}
        {kind === "running-longer" || kind === "waiting-longer" ? (
          <TextField
            label="Longer than"
            at="#/on/than"
            value={draft.than}
            onChange={(than) => onChange({ than })}
            hint="30s, 15m, 1h or PT1H"
          />
        ) : null}
      </div>
    </>
  );
}
