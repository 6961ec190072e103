import type { AlertRule } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { TextField } from "../../components/field.tsx";
import { useToast } from "../../components/toast.tsx";
import { useWorkflowIds } from "../../workflow-ids.ts";
import { ChannelFields } from "./channel-fields.tsx";
import { ConditionFields } from "./condition-fields.tsx";
import { draftOfRule, newRule, ruleOf } from "./rule-draft.ts";
import type { RuleDraft } from "./rule-draft.ts";

/** Creates or changes an alert rule. */
export function RuleDialog({
  rule,
  onSaved,
  onClose,
}: {
  /** `undefined` for a new one. */
  readonly rule: AlertRule | undefined;
  /** @param secret a generated webhook secret, which is shown once */
  readonly onSaved: (secret: string | undefined) => void;
  readonly onClose: () => void;
}) {
  const [draft, setDraft] = useState<RuleDraft>(() => (rule === undefined ? newRule : draftOfRule(rule)));
  const change = (part: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...part }));
  const workflows = useWorkflowIds();
  const queries = useQueryClient();
  const toast = useToast();
  const save = async () => {
    const body = ruleOf(draft);
    const path = { ruleId: draft.ruleId.trim() };
    const { channels } = await api.put("/alerts/rules/{ruleId}", { params: { path }, body });
    toast.done("Alert rule saved");
    onSaved(channels.map((channel) => ("secret" in channel ? channel.secret : undefined)).find(Boolean));
    await queries.invalidateQueries({ queryKey: ["alert-rules"] });
  };
  return (
    <Dialog
      title={rule === undefined ? "New alert rule" : `Edit ${rule.ruleId}`}
      submit={rule === undefined ? "Create rule" : "Save rule"}
      onSubmit={save}
      onClose={onClose}
    >
      <div className="fields">
        {rule === undefined ? (
          <TextField
            label="ID"
            at="ruleId"
            value={draft.ruleId}
            placeholder="orders-failing"
            autoComplete="off"
            mono
            onChange={(ruleId) => change({ ruleId })}
          />
        ) : null}
        <TextField
          label="Workflow"
          at="#/workflow"
          value={draft.workflow}
          list={workflows}
          placeholder="All workflows"
          onChange={(workflow) => change({ workflow })}
        />
      </div>
      <ConditionFields draft={draft} onChange={change} />
      <ChannelFields channels={draft.channels} onChange={(channels) => change({ channels })} />
      <TextField
        label="Quiet period"
        at="#/quiet"
        value={draft.quiet}
        placeholder="none"
        onChange={(quiet) => change({ quiet })}
        hint="No further alert of this rule is sent for this long. One alert then has all incidents."
      />
      <Choice isChecked={draft.recovery} onChange={(recovery) => change({ recovery })}>
        Report the recovery too
      </Choice>
      <Choice isChecked={draft.enabled} onChange={(enabled) => change({ enabled })}>
        Enabled
      </Choice>
    </Dialog>
  );
}

function Choice({
  isChecked,
  onChange,
  children,
}: {
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly children: string;
}) {
  return (
    <label className="choice">
      <input type="checkbox" checked={isChecked} onChange={({ target }) => onChange(target.checked)} />
      <span>{children}</span>
    </label>
  );
}
