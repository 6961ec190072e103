import { useEffect, useId, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { whyNotFileName } from "./file-name.ts";

/** Asks for a file name and validates it while typing. Escape cancels. */
export function FileNameForm({
  initial,
  taken,
  verb,
  onDone,
  onCancel,
}: {
  readonly initial: string;
  readonly taken: readonly string[];
  readonly verb: string;
  readonly onDone: (name: string) => void;
  readonly onCancel: () => void;
}) {
  const [name, setName] = useState(initial);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const why = name === initial ? undefined : whyNotFileName(name, taken);
  useEffect(() => {
    input.current?.focus();
    input.current?.setSelectionRange(
      0,
      initial.lastIndexOf(".") === -1 ? initial.length : initial.lastIndexOf("."),
    );
  }, [initial]);
  const submit = () => {
    if (name === initial) onCancel();
    else if (whyNotFileName(name, taken) === undefined) onDone(name);
  };
  return (
    <form
      className="file-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label htmlFor={id} className="visually-hidden">
        File name
      </label>
      <input
        ref={input}
        id={id}
        className="input mono"
        placeholder="lib/tax.ts"
        value={name}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-invalid={why !== undefined}
        aria-describedby={`${id}-why`}
        onChange={({ target }) => setName(target.value)}
        onKeyDown={({ key }) => {
          if (key === "Escape") onCancel();
        }}
      />
      <p id={`${id}-why`} className="field-error" aria-live="polite">
        {why}
      </p>
      <div className="row">
        <Button size="small" type="submit" kind="primary">
          {verb}
        </Button>
        <Button size="small" kind="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
