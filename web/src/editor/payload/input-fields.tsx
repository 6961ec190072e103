import { useId } from "react";
import { Button } from "../../components/button.tsx";
import { Menu, MenuItem } from "../../components/menu.tsx";
import { parsePayload, type RunInput, whyNotEntryPoint } from "../../model/run-input.ts";
import "./payload.css";

/** The fields for entry point and payload, and the payload history. */
export function InputFields({
  input,
  history,
  onChange,
  onClearHistory,
}: {
  readonly input: RunInput;
  readonly history: readonly string[];
  readonly onChange: (input: RunInput) => void;
  readonly onClearHistory: () => void;
}) {
  const id = useId();
  const parsed = parsePayload(input.payload);
  const whyNot = whyNotEntryPoint(input.entryPoint);
  return (
    <div className="input-fields">
      <div className="field">
        <div className="row">
          <label htmlFor={`${id}-payload`}>Payload</label>
          <span className="field-hint">JSON</span>
          <span className="push" />
          {parsed.ok && input.payload.trim() !== "" ? (
            <Button
              kind="quiet"
              size="small"
              onClick={() => onChange({ ...input, payload: JSON.stringify(parsed.value, undefined, 2) })}
            >
              Format
            </Button>
          ) : null}
          <PayloadHistory
            history={history}
            onChoose={(payload) => onChange({ ...input, payload })}
            onClearHistory={onClearHistory}
          />
        </div>
        <textarea
          id={`${id}-payload`}
          className="textarea payload"
          rows={Math.min(12, Math.max(3, input.payload.split("\n").length))}
          spellCheck={false}
          autoCapitalize="none"
          value={input.payload}
          aria-invalid={!parsed.ok}
          aria-describedby={`${id}-payload-why`}
          onChange={({ target }) => onChange({ ...input, payload: target.value })}
        />
        <p id={`${id}-payload-why`} className="field-error">
          {parsed.ok ? null : parsed.why}
        </p>
      </div>
      <div className="entry-field">
        <label htmlFor={`${id}-entry`}>Entry point</label>
        <input
          id={`${id}-entry`}
          className="input mono"
          placeholder="none"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={input.entryPoint}
          aria-invalid={whyNot !== undefined}
          aria-describedby={`${id}-entry-why`}
          onChange={({ target }) => onChange({ ...input, entryPoint: target.value })}
        />
        <p id={`${id}-entry-why`} className="field-error">
          {whyNot}
        </p>
      </div>
    </div>
  );
}

function PayloadHistory({
  history,
  onChoose,
  onClearHistory,
}: {
  readonly history: readonly string[];
  readonly onChoose: (payload: string) => void;
  readonly onClearHistory: () => void;
}) {
  if (history.length === 0) return null;
  return (
    <Menu label="Payload history" button={<span className="small">History</span>}>
      {history.map((payload) => (
        <MenuItem key={payload} onSelect={() => onChoose(payload)}>
          <code className="payload-line">{payload.replaceAll(/\s+/g, " ").slice(0, 80) || "nothing"}</code>
        </MenuItem>
      ))}
      <hr />
      <MenuItem onSelect={onClearHistory}>Clear history</MenuItem>
    </Menu>
  );
}
