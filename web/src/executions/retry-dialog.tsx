import type { Execution } from "#client";
import { useState } from "react";
import { useLocation } from "wouter";
import { api } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { RadioField } from "../components/field.tsx";
import { useToast } from "../components/toast.tsx";

type From = "start" | "failed-step";
type Version = "same" | "current";

/** Retries an ended execution as a new one with the same input, and opens it. */
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
    // Reused steps belong to the same version, so it cannot be changed.
    const body = { from, version: from === "start" ? which : "same" } as const;
    const retried = await api.post("/executions/{executionId}/retry", {
      params: { path: { executionId } },
      body,
    });
    toast.done("Retry started");
    navigate(`/executions/${retried.executionId}`);
  };
  return (
    <Dialog title="Retry execution" submit="Retry" onSubmit={retry} onClose={onClose}>
      <RadioField
        label="Start from"
        value={from}
        onChange={setFrom}
        options={[
          ...(mayGoOn
            ? [
                {
                  value: "failed-step" as const,
                  label: "The failed step",
                  hint: "Reuses the results of completed steps.",
                },
              ]
            : []),
          {
            value: "start",
            label: "The beginning",
            hint: "Runs every step again with the same input and entry point.",
          },
        ]}
      />
      {from === "start" ? (
        <RadioField
          label="Version"
          value={which}
          onChange={setWhich}
          options={[
            {
              value: "same",
              label: version === undefined ? "Same version" : `Same version (${version})`,
            },
            { value: "current", label: "Current version" },
          ]}
        />
      ) : null}
    </Dialog>
  );
}
