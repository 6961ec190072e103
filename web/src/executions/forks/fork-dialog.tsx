import type { Execution } from "#client";
import { useState } from "react";
import { useLocation } from "wouter";
import { api } from "../../api.ts";
import { Dialog } from "../../components/dialog.tsx";
import { RadioField, TextArea, TextField } from "../../components/field.tsx";
import { FormError } from "../../components/form-errors.ts";
import type { TimelineStep } from "../../components/step.ts";
import { useToast } from "../../components/toast.tsx";
import { parseJsonText } from "../../model/json-text.ts";
import { AnswersField } from "./answers-field.tsx";
import type { EditedAnswers } from "./answers-field.tsx";
import { differenceOf, ForkRefusal } from "./fork-refusal.tsx";
import type { Difference } from "./fork-refusal.tsx";
import { parseAnswer } from "./step-answer.ts";

type Version = "same" | "current" | "other";

/** What is typed. */
interface ForkDraft {
  readonly version: Version;
  readonly number: string;
  /** Undefined to keep the payload. */
  readonly payload: string | undefined;
  readonly answers: EditedAnswers;
}

/**
 * Starts a new execution with the results of this one before a step, and opens it.
 *
 * @param fromStep the step that runs again; by default the one that failed
 */
export function ForkDialog({
  execution,
  fromStep,
  onClose,
}: {
  readonly execution: Execution;
  readonly fromStep?: TimelineStep;
  readonly onClose: () => void;
}) {
  const { executionId, workflowId, version, steps } = execution;
  const [draft, setDraft] = useState<ForkDraft>({
    version: execution.status === "failed" ? "current" : "same",
    number: "",
    payload: undefined,
    answers: new Map(),
  });
  const [difference, setDifference] = useState<Difference>();
  const [, navigate] = useLocation();
  const toast = useToast();
  const change = (next: Partial<ForkDraft>) => setDraft({ ...draft, ...next });
  const fork = async () => {
    setDifference(undefined);
    const body = { ...(fromStep === undefined ? {} : { fromStep: fromStep.index }), ...requestOf(draft) };
    try {
      const forked = await api.post("/executions/{executionId}/fork", {
        params: { path: { executionId } },
        body,
      });
      toast.done("Fork started");
      navigate(`/executions/${forked.executionId}`);
    } catch (error) {
      setDifference(differenceOf(error, version));
      throw error;
    }
  };
  return (
    <Dialog title="Fork execution" submit="Fork" onSubmit={fork} onClose={onClose}>
      {difference === undefined ? null : <ForkRefusal workflowId={workflowId} difference={difference} />}
      <p className="soft">{introOf(fromStep)}</p>
      <VersionField draft={draft} same={version} onChange={change} />
      <PayloadField draft={draft} input={execution.input} onChange={change} />
      <AnswersField
        steps={steps.filter(({ index }) => fromStep === undefined || index <= fromStep.index)}
        value={draft.answers}
        onChange={(answers) => change({ answers })}
      />
    </Dialog>
  );
}

function introOf(fromStep: TimelineStep | undefined): React.ReactNode {
  if (fromStep === undefined) {
    return "A new execution that reuses the results before the failed step, and executes that step again. If no step failed, it reuses all of them.";
  }
  return (
    <>
      A new execution that reuses the results before <code>{fromStep.name}</code>, and executes that step
      again.
    </>
  );
}

/** @throws {FormError} for what is not valid */
function requestOf({ version, number, payload, answers }: ForkDraft) {
  const errors: { readonly pointer?: string; readonly detail: string }[] = [];
  const isNumber = /^[1-9]\d{0,8}$/.test(number);
  if (version === "other" && !isNumber)
    errors.push({ pointer: "#/version", detail: "Enter the number of a version." });
  const parsedPayload = payload === undefined ? undefined : parseJsonText(payload);
  if (parsedPayload !== undefined && "error" in parsedPayload)
    errors.push({ pointer: "#/payload", detail: parsedPayload.error });
  const parsed = [...answers].map(([index, text]) => parseAnswer(index, text));
  for (const each of parsed) if ("error" in each) errors.push({ detail: each.error });
  if (errors.length > 0) throw new FormError(errors);
  return {
    version: version === "other" ? Number(number) : version,
    ...(parsedPayload !== undefined && "value" in parsedPayload ? { payload: parsedPayload.value } : {}),
    ...(parsed.length === 0
      ? {}
      : { answers: parsed.flatMap((each) => ("answer" in each ? [each.answer] : [])) }),
  };
}

function VersionField({
  draft,
  same,
  onChange,
}: {
  readonly draft: ForkDraft;
  readonly same: number | undefined;
  readonly onChange: (change: Partial<ForkDraft>) => void;
}) {
  return (
    <>
      <RadioField
        label="Version"
        value={draft.version}
        onChange={(version) => onChange({ version })}
        options={[
          {
            value: "current",
            label: "Current version",
            hint: "Compared with the reused steps first: it must have requested the same.",
          },
          { value: "same", label: same === undefined ? "Same version" : `Same version (${same})` },
          { value: "other", label: "Another version" },
        ]}
      />
      {draft.version === "other" ? (
        <TextField
          label="Number of the version"
          at="#/version"
          value={draft.number}
          onChange={(number) => onChange({ number })}
        />
      ) : null}
    </>
  );
}

function PayloadField({
  draft: { payload },
  input,
  onChange,
}: {
  readonly draft: ForkDraft;
  readonly input: unknown;
  readonly onChange: (change: Partial<ForkDraft>) => void;
}) {
  const parsed = payload === undefined ? undefined : parseJsonText(payload);
  return (
    <div className="stack tight">
      <label className="row">
        <input
          type="checkbox"
          checked={payload !== undefined}
          onChange={({ target }) =>
            onChange({ payload: target.checked ? JSON.stringify(input, null, 2) : undefined })
          }
        />
        Change the payload
      </label>
      {payload === undefined ? null : (
        <TextArea
          label="Payload"
          at="#/payload"
          value={payload}
          rows={8}
          onChange={(text) => onChange({ payload: text })}
          error={parsed !== undefined && "error" in parsed ? parsed.error : undefined}
        />
      )}
    </div>
  );
}
