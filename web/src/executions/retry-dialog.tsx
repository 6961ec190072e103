import type { Execution } from "#client";
import { useState } from "react";
import { useLocation } from "wouter";
import { api } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { RadioField } from "../components/field.tsx";
import { useToast } from "../components/toast.tsx";

type From = "start" | "failed-step";
type Version = "same" | "current";

/** Begins a new execution with the input of one that has ended, and goes there. */
export function RetryDialog({
  execution,
  onClose,
}: {
  readonly execution: Execution;
  readonly onClose: () => void;
}) {
  const { executionId, status, version } = execution;
  const mayGoOn = status === "failed" && execution.steps.length > 0;
  const [from, setFrom] = useState<From>(mayGoOn ? "failed-step" : "start");
  const [which, setWhich] = useState<Version>("same");
  const [, navigate] = useLocation();
  const toast = useToast();
  const retry = async () => {
    // What was done before was done by this version, so from the failed step on there is no choice.
    const body = { from, version: from === "start" ? which : "same" } as const;
    const retried = await api.post("/executions/{executionId}/retry", {
      params: { path: { executionId } },
      body,
    });
    toast.done("This is the new execution.");
    navigate(`/executions/${retried.executionId}`);
  };
  return (
    <Dialog title="Retry this execution" submit="Retry" onSubmit={retry} onClose={onClose}>
      <RadioField
        label="Begin"
        value={from}
        onChange={setFrom}
        options={[
          ...(mayGoOn
            ? [
                {
                  value: "failed-step" as const,
                  label: "At the step that failed",
                  hint: "The results of all steps before are kept. Nothing that was done is done again.",
                },
              ]
            : []),
          {
            value: "start",
            label: "At the start",
            hint: "With the same input and entry point. Every step is done again.",
          },
        ]}
      />
      {from === "start" ? (
        <RadioField
          label="With"
          value={which}
          onChange={setWhich}
          options={[
            {
              value: "same",
              label:
                version === undefined ? "The version that it had" : `Version ${version}, the one that it had`,
            },
            { value: "current", label: "The version that is current now" },
          ]}
        />
      ) : null}
    </Dialog>
  );
}
