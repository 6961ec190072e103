import { useId } from "react";
import type { ClockMode, NetworkMode } from "../../../../src/preview/preview.ts";
import { Button } from "../../components/button.tsx";
import {
  answerInWords,
  clockModes,
  networkModes,
  type PreviewOptions,
  withoutAnswer,
} from "./preview-options.ts";

/** How time passes in previews, what becomes of their fetches, and the answers that are given instead. */
export function PreviewSettings({
  options,
  onChange,
}: {
  readonly options: PreviewOptions;
  readonly onChange: (options: PreviewOptions) => void;
}) {
  const id = useId();
  return (
    <div className="preview-settings">
      <div className="field">
        <label htmlFor={`${id}-clock`}>Clock</label>
        <select
          id={`${id}-clock`}
          className="select"
          value={options.clock}
          onChange={({ target }) => onChange({ ...options, clock: target.value as ClockMode })}
        >
          {Object.entries(clockModes).map(([mode, words]) => (
            <option key={mode} value={mode}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-network`}>Fetches</label>
        <select
          id={`${id}-network`}
          className="select"
          value={options.network}
          onChange={({ target }) => onChange({ ...options, network: target.value as NetworkMode })}
        >
          {Object.entries(networkModes).map(([mode, words]) => (
            <option key={mode} value={mode}>
              {words}
            </option>
          ))}
        </select>
      </div>
      {options.answers.length === 0 ? null : (
        <div className="answers">
          <p className="label">Answers in place of the network</p>
          <ul>
            {options.answers.map((answer) => (
              <li key={`${answer.method} ${answer.url}`} className="row">
                <code className="grow truncate" title={answerInWords(answer)}>
                  {answerInWords(answer)}
                </code>
                <Button size="small" kind="quiet" onClick={() => onChange(withoutAnswer(options, answer))}>
                  <span className="visually-hidden">{answerInWords(answer)}: </span>Remove
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
