import type { FailureGroup, Schemas } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { RadioField, TextField } from "../components/field.tsx";
import { FormError } from "../components/form-errors.ts";
import { Problem } from "../components/problem.tsx";
import { useAttempt } from "../components/use-attempt.ts";
import { counted } from "../executions/bulk/counted.ts";
import { FailureReport } from "./failure-report.tsx";
import { LimitField, limitErrors, maxExecutions } from "./limit-field.tsx";

type Item = Schemas["ForkedExecutions"]["items"][number];

/** Forks the executions of a failure from where each failed: says how many can be forked before, and each outcome after. */
export function ForkFailureDialog({
  failure: { failureId, name, workflowId, count },
  since,
  onClose,
}: {
  readonly failure: FailureGroup;
  readonly since: string;
  readonly onClose: () => void;
}) {
  const [draft, setDraft] = useState<Draft>({
    version: "current",
    number: "",
    limit: String(Math.min(count, maxExecutions)),
  });
  const [checked, setChecked] = useState<readonly Item[]>();
  const [items, setItems] = useState<readonly Item[]>();
  const queries = useQueryClient();
  const send = async (dryRun: boolean) => {
    const body = { ...requestOf(draft), since, dryRun };
    return (await api.post("/failures/{failureId}/fork", { params: { path: { failureId } }, body })).items;
  };
  const check = useAttempt(async () => setChecked(await send(true)));
  const fork = async () => {
    setItems(await send(false));
    await queries.invalidateQueries({ queryKey: ["failures"] });
  };
  const change = (next: Partial<Draft>) => {
    setDraft({ ...draft, ...next });
    // It is no longer what would be forked.
    setChecked(undefined);
  };
  const reported = items?.map(({ executionId, forkExecutionId, error }) => ({
    executionId,
    newId: forkExecutionId,
    error: error?.detail,
  }));
  return (
    <Dialog
      title={`Fork ${name} of ${workflowId}`}
      {...(items === undefined ? { submit: "Fork" } : { wide: true })}
      staysOpen
      onSubmit={fork}
      onClose={onClose}
    >
      {reported === undefined ? (
        <>
          <p>
            {counted(count)} failed with this cause. Each runs on from where it failed, with the results
            before that. Those that have been retried or forked already are left alone.
          </p>
          <DraftFields draft={draft} onChange={change} />
          <div className="stack tight">
            <div className="row">
              <Button busy={check.isBusy} onClick={check.attempt}>
                Check
              </Button>
              {checked === undefined ? (
                <span className="faint small">Says how many can be forked, and starts nothing.</span>
              ) : null}
            </div>
            {check.error === undefined ? null : <Problem error={check.error} />}
            {checked === undefined ? null : <Checked items={checked} />}
          </div>
        </>
      ) : (
        <FailureReport verb="forked" items={reported} />
      )}
    </Dialog>
  );
}

/** What is typed. */
interface Draft {
  readonly version: "current" | "other";
  readonly number: string;
  readonly limit: string;
}

function DraftFields({
  draft: { version, number, limit },
  onChange,
}: {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
}) {
  return (
    <>
      <RadioField
        label="Version"
        value={version}
        onChange={(next) => onChange({ version: next })}
        options={[
          { value: "current", label: "Current version" },
          { value: "other", label: "Another version" },
        ]}
      />
      {version === "other" ? (
        <TextField
          label="Number of the version"
          at="#/version"
          value={number}
          onChange={(next) => onChange({ number: next })}
        />
      ) : null}
      <LimitField value={limit} onChange={(next) => onChange({ limit: next })} />
    </>
  );
}

/** @throws {FormError} for what is not valid */
function requestOf({ version, number, limit }: Draft) {
  const isVersion = version === "current" || /^[1-9]\d{0,8}$/.test(number);
  const errors = [
    ...(isVersion ? [] : [{ pointer: "#/version", detail: "Enter the number of a version." }]),
    ...limitErrors(limit),
  ];
  if (errors.length > 0) throw new FormError(errors);
  return { version: version === "current" ? version : Number(number), limit: Number(limit) };
}

/** The result of a dry run: how many can be forked, and why others cannot. */
function Checked({ items }: { readonly items: readonly Item[] }) {
  const reasons = Map.groupBy(
    items.flatMap(({ executionId, error }) =>
      error === undefined ? [] : [error.detail.replaceAll(executionId, "…")],
    ),
    (reason) => reason,
  );
  const refused = items.filter(({ error }) => error !== undefined).length;
  return (
    <div role="status" className="stack tight">
      <p>
        <strong>{counted(items.length - refused)} can be forked</strong>
        {refused === 0 ? "." : `, ${refused.toLocaleString("en")} cannot.`}
      </p>
      {reasons.size === 0 ? null : (
        <ul className="bullets small">
          {[...reasons].slice(0, maxReasons).map(([reason, all]) => (
            <li key={reason}>
              {all.length} × {reason}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Further ones are in the report. */
const maxReasons = 5;
