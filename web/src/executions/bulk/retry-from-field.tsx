import { RadioField } from "../../components/field.tsx";
import type { RetryFrom } from "./bulk-action.ts";

/** Where retries of failed executions start. */
export function RetryFromField({
  value,
  onChange,
}: {
  readonly value: RetryFrom;
  readonly onChange: (value: RetryFrom) => void;
}) {
  return (
    <RadioField
      label="Start from"
      value={value}
      onChange={onChange}
      options={[
        {
          value: "failed-step",
          label: "The failed step",
          hint: "Reuses the results of completed steps.",
        },
        { value: "start", label: "The beginning" },
      ]}
    />
  );
}
