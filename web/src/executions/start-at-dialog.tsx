import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { api } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { FormError } from "../components/form-errors.ts";
import { useToast } from "../components/toast.tsx";
import { localInput } from "../time/local-input.ts";
import { startInstant, StartTimeFields, whyNotStartTime } from "./start-time.tsx";
import type { StartTime } from "./start-time.tsx";

/** Moves a scheduled execution to another time. One that a workflow sent gets another ID, and its page is then opened. */
export function StartAtDialog({
  executionId,
  scheduledAt,
  onClose,
}: {
  readonly executionId: string;
  readonly scheduledAt: string;
  readonly onClose: () => void;
}) {
  const [start, setStart] = useState<StartTime>({ kind: "at", text: localInput(scheduledAt) });
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const toast = useToast();
  const move = async () => {
    const instant = startInstant(start, Date.now());
    if (instant === undefined)
      throw new FormError([
        {
          ...(start.kind === "delay" ? { parameter: "delay" } : { pointer: "#/scheduledAt" }),
          detail: whyNotStartTime(start) ?? "",
        },
      ]);
    const moved = await api.patch("/executions/{executionId}", {
      params: { path: { executionId } },
      body: { scheduledAt: instant },
    });
    if (moved.executionId === executionId) {
      await queries.invalidateQueries({ queryKey: ["execution", executionId] });
    } else {
      navigate(`/executions/${moved.executionId}`, { replace: true });
    }
    toast.done(start.kind === "now" ? "Execution started" : "Start time changed");
  };
  return (
    <Dialog title="Start at" submit="Change start time" onSubmit={move} onClose={onClose}>
      <StartTimeFields value={start} onChange={setStart} />
    </Dialog>
  );
}
