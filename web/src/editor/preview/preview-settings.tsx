import { Button } from "../../components/button.tsx";
import { SelectField } from "../../components/field.tsx";
import {
  answerSummary,
  clockModes,
  networkModes,
  type PreviewOptions,
  withoutAnswer,
} from "./preview-options.ts";
import { PreviewSecrets } from "./preview-secrets.tsx";

/** The clock, the network mode, mock responses and secrets of previews. */
export function PreviewSettings({
  options,
  onChange,
}: {
  readonly options: PreviewOptions;
  readonly onChange: (options: PreviewOptions) => void;
}) {
  return (
    <div className="stack">
      <SelectField
        label="Clock"
        value={options.clock}
        options={clockModes}
        onChange={(clock) => onChange({ ...options, clock })}
      />
      <SelectField
        label="Fetches"
        value={options.network}
        options={networkModes}
        onChange={(network) => onChange({ ...options, network })}
      />
      {options.answers.length === 0 ? null : (
        <div>
          <p className="label">Mock responses</p>
          <ul>
            {options.answers.map((answer) => (
              <li key={`${answer.method} ${answer.url}`} className="row">
                <code className="grow truncate" title={answerSummary(answer)}>
                  {answerSummary(answer)}
                </code>
                <Button size="small" kind="quiet" onClick={() => onChange(withoutAnswer(options, answer))}>
                  <span className="visually-hidden">{answerSummary(answer)}: </span>Remove
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <PreviewSecrets secrets={options.secrets} onChange={(secrets) => onChange({ ...options, secrets })} />
    </div>
  );
}
