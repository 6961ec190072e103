import { useState } from "react";
import { Button } from "./button.tsx";
import { TextField } from "./field.tsx";

/** A filter that applies on blur or Enter. An invalid text stays in the field with its error. */
export function TypedFilter({
  label,
  value = "",
  list,
  placeholder = "Any",
  whyNot,
  onSet,
  onApplied,
}: {
  readonly label: string;
  readonly value?: string | undefined;
  readonly list?: readonly string[];
  readonly placeholder?: string;
  /** Why the text is invalid, as a sentence. */
  readonly whyNot: (text: string) => string | undefined;
  readonly onSet: (value: string | undefined) => void;
  /** Called after the filter was applied with Enter or the button, which is shown only with this. */
  readonly onApplied?: () => void;
}) {
  const [typed, setTyped] = useState<string>();
  const [error, setError] = useState<string>();
  /** Returns whether the text is valid. */
  const commit = (): boolean => {
    const text = (typed ?? value).trim();
    const reason = text === "" ? undefined : whyNot(text);
    setError(reason);
    if (reason !== undefined) return false;
    if (text !== value) onSet(text === "" ? undefined : text);
    setTyped(undefined);
    return true;
  };
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (commit()) onApplied?.();
      }}
    >
      <TextField
        label={label}
        value={typed ?? value}
        onChange={setTyped}
        onBlur={() => void commit()}
        placeholder={placeholder}
        error={error}
        {...(list === undefined ? {} : { list })}
      />
      {onApplied === undefined ? null : (
        <Button type="submit" size="small">
          Apply
        </Button>
      )}
    </form>
  );
}
