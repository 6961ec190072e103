import { TextField } from "../components/field.tsx";

/** The most executions that one request retries or forks. */
export const maxExecutions = 100;

/** The number of executions of a failure to retry or fork. */
export function LimitField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <TextField
      label="At most"
      at="#/limit"
      value={value}
      onChange={onChange}
      hint="Newest first. Begin with one to see whether the cause is gone."
    />
  );
}

/** Errors of a typed limit, for its field. */
export function limitErrors(limit: string): readonly { readonly pointer: string; readonly detail: string }[] {
  return /^[1-9]\d{0,3}$/.test(limit) ? [] : [{ pointer: "#/limit", detail: "Enter a whole number." }];
}
