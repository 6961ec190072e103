import { useId, useState } from "react";
import type { JsonValue } from "#base/json.ts";
import { Button } from "../../components/button.tsx";
import { parsePayload } from "../../model/run-input.ts";

/** A form for a JSON value, which shows why a value is rejected. */
export function JsonForm({
  label,
  verb,
  initial = "{}",
  onSend,
}: {
  readonly label: string;
  readonly verb: string;
  /** The text at first. */
  readonly initial?: string;
  readonly onSend: (value: JsonValue) => Promise<void> | void;
}) {
  const id = useId();
  const [text, setText] = useState(initial);
  const [error, setError] = useState<string>();
  const parsed = parsePayload(text);
  const send = async () => {
    if (!parsed.ok) return;
    try {
      await onSend(parsed.value);
      setError(undefined);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  };
  const why = parsed.ok ? error : parsed.why;
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <textarea
          id={id}
          className="textarea"
          rows={2}
          spellCheck={false}
          value={text}
          aria-invalid={why !== undefined}
          aria-describedby={`${id}-why`}
          onChange={({ target }) => setText(target.value)}
        />
        <p id={`${id}-why`} className="field-error" aria-live="polite">
          {why}
        </p>
      </div>
      <div>
        <Button size="small" type="submit" kind="primary">
          {verb}
        </Button>
      </div>
    </form>
  );
}
