import { useId, useState } from "react";
import type { MockResponse } from "#preview/contract/preview.ts";
import { Button } from "../../components/button.tsx";

/** A form for a mock response. */
export function AnswerForm({
  verb,
  onAnswer,
  onFail,
}: {
  readonly verb: string;
  readonly onAnswer: (response: MockResponse, remember: boolean) => void;
  /** Fails the fetch as if the server were unreachable. */
  readonly onFail: () => void;
}) {
  const id = useId();
  const [status, setStatus] = useState("200");
  const [type, setType] = useState("application/json");
  const [body, setBody] = useState("{}");
  const [remember, setRemember] = useState(true);
  const code = Number(status);
  const isStatus = Number.isInteger(code) && code >= 200 && code <= 599;
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (isStatus) onAnswer({ status: code, headers: [["content-type", type]], body }, remember);
      }}
    >
      <div className="answer-head">
        <div className="field">
          <label htmlFor={`${id}-status`}>Status</label>
          <input
            id={`${id}-status`}
            className="input"
            inputMode="numeric"
            value={status}
            aria-invalid={!isStatus}
            onChange={({ target }) => setStatus(target.value)}
          />
        </div>
        <div className="field grow">
          <label htmlFor={`${id}-type`}>Content type</label>
          <input
            id={`${id}-type`}
            className="input"
            value={type}
            onChange={({ target }) => setType(target.value)}
          />
        </div>
      </div>
      <div className="field">
        <label htmlFor={`${id}-body`}>Body</label>
        <textarea
          id={`${id}-body`}
          className="textarea"
          rows={3}
          spellCheck={false}
          value={body}
          onChange={({ target }) => setBody(target.value)}
        />
      </div>
      <label className="row">
        <input type="checkbox" checked={remember} onChange={({ target }) => setRemember(target.checked)} />
        Reuse in later previews
      </label>
      <div className="row">
        <Button
          size="small"
          type="submit"
          kind="primary"
          refusal={isStatus ? undefined : "Enter a status from 200 to 599."}
        >
          {verb}
        </Button>
        <Button size="small" onClick={onFail}>
          Fail it
        </Button>
      </div>
    </form>
  );
}
