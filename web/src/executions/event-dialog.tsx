import type { Execution } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { TextArea, TextField } from "../components/field.tsx";
import { FormError } from "../components/form-errors.ts";
import { useToast } from "../components/toast.tsx";
import { parseJsonText } from "../model/json-text.ts";

/** Sends an event to an execution. The name defaults to the awaited event. */
export function EventDialog({
  execution,
  onClose,
}: {
  readonly execution: Execution;
  readonly onClose: () => void;
}) {
  const { executionId, waitingFor } = execution;
  const awaited = eventsIn(waitingFor);
  const [name, setName] = useState(awaited[0] ?? "");
  const [text, setText] = useState("");
  const payload = parseJsonText(text);
  const queries = useQueryClient();
  const toast = useToast();
  const send = async () => {
    const errors = [
      ...(name === "" ? [{ parameter: "name", detail: "Enter the name of the event." }] : []),
      ...("error" in payload ? [{ pointer: "#", detail: payload.error }] : []),
    ];
    if (errors.length > 0 || "error" in payload) throw new FormError(errors);
    await api.post("/executions/{executionId}/events/{name}", {
      params: { path: { executionId, name } },
      body: payload.value,
    });
    toast.done(`Event "${name}" sent`);
    await queries.invalidateQueries({ queryKey: ["execution", executionId] });
  };
  return (
    <Dialog title="Send event" submit="Send" onSubmit={send} onClose={onClose}>
      <TextField
        label="Name"
        at="name"
        value={name}
        onChange={setName}
        list={awaited}
        required
        mono
        maxLength={128}
        hint={
          awaited.length === 0
            ? "Not waiting for an event. Events are queued until the workflow waits for them."
            : `Waiting for ${awaited.map((each) => `"${each}"`).join(", ")}.`
        }
      />
      <TextArea
        label="Payload"
        at="#"
        value={text}
        onChange={setText}
        hint="Any JSON. Leave empty for null."
        error={"error" in payload ? payload.error : undefined}
      />
    </Dialog>
  );
}

/** The names of awaited events, from their human-readable descriptions. */
function eventsIn(waitingFor: readonly string[]): readonly string[] {
  const names = waitingFor.flatMap((text) => /^event "([^"]+)"/.exec(text)?.[1] ?? []);
  return [...new Set(names)];
}
