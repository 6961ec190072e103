import { useState } from "react";
import { TextField } from "./field.tsx";

/** A filter that applies on blur or Enter. An invalid text stays in the field with its error. */
export function TypedFilter({
  label,
  value = "",
  list,
  placeholder = "Any",
  whyNot,
  onSet,
}: {
  readonly label: string;
  readonly value?: string | undefined;
  readonly list?: readonly string[];
  readonly placeholder?: string;
  /** Why the text is invalid, as a sentence. */
  readonly whyNot: (text: string) => string | undefined;
  readonly onSet: (value: string | undefined) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const [error, setError] = useState<string>();
  const commit = () => {
    const text = (typed ?? value).trim();
    const reason = text === "" ? undefined : whyNot(text);
    setError(reason);
    if (reason !== undefined) return;
    if (text !== value) onSet(text === "" ? undefined : text);
    setTyped(undefined);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        commit();
      }}
    >
      <TextField
        label={label}
        value={typed ?? value}
        onChange={setTyped}
        onBlur={commit}
        placeholder={placeholder}
        error={error}
        {...(list === undefined ? {} : { list })}
      />
    </form>
  );
}
