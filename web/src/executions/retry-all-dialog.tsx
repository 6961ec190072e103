import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { RadioField } from "../components/field.tsx";
import { useToast } from "../components/toast.tsx";
import type { ExecutionFilter } from "./filter.ts";

/** Retries all that a filter finds and that were not retried before. */
export function RetryAllDialog({
  filter: { workflow, version, entryPoint, after, before },
  status,
  onClose,
}: {
  readonly filter: ExecutionFilter;
  readonly status: "failed" | "cancelled";
  readonly onClose: () => void;
}) {
  const [from, setFrom] = useState<"start" | "failed-step">(status === "failed" ? "failed-step" : "start");
  const queries = useQueryClient();
  const toast = useToast();
  const retryAll = async () => {
    const { items } = await api.post("/executions/retry", {
      body: {
        from,
        status,
        ...(workflow === undefined ? {} : { workflow }),
        ...(version === undefined ? {} : { ofVersion: version }),
        ...(entryPoint === undefined ? {} : { entryPoint }),
        ...(after === undefined ? {} : { createdAfter: after }),
        ...(before === undefined ? {} : { createdBefore: before }),
      },
    });
    await queries.invalidateQueries({ queryKey: ["executions"] });
    const refused = items.filter(({ refused: refusal }) => refusal !== undefined);
    const [first] = refused;
    toast.done(`${items.length - refused.length} are under way again.`);
    if (first?.refused !== undefined)
      toast.error(new Error(`${refused.length} were refused, the first: ${first.refused.detail}`));
  };
  return (
    <Dialog title={`Retry all that are ${status}`} submit="Retry them" onSubmit={retryAll} onClose={onClose}>
      <p>
        All that the filter finds are begun again, a hundred at most, but for those that were retried before.
      </p>
      {status === "failed" ? (
        <RadioField
          label="Begin"
          value={from}
          onChange={setFrom}
          options={[
            {
              value: "failed-step",
              label: "At the step that failed",
              hint: "What was done is not done again.",
            },
            { value: "start", label: "At the start" },
          ]}
        />
      ) : null}
    </Dialog>
  );
}
