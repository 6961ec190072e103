import { useId, useState } from "react";
import type { MockResponse } from "#preview/contract/mock-response.ts";
import { Button } from "../../components/button.tsx";

/** A form for a mock response. */
export function AnswerForm({
  verb,
  initial = {},
  isOnce = false,
  onAnswer,
  onFail,
}: {
  readonly verb: string;
  readonly initial?: MockResponse;
  /** Whether it is for one call, so that it cannot be reused. */
  readonly isOnce?: boolean;
  readonly onAnswer: (response: MockResponse, remember: boolean) => void;
  /** Fails the fetch as if the server were unreachable. */
  readonly onFail: () => void;
}) {
  const id = useId();
  const [status, setStatus] = useState(String(initial.status ?? 200));
  const [type, setType] = useState(contentTypeOf(initial));
  const [body, setBody] = useState(initial.body ?? "{}");
  const [remember, setRemember] = useState(true);
  const code = Number(status);
  const isStatus = Number.isInteger(code) && code >= 200 && code <= 599;
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (isStatus)
          onAnswer({ status: code, headers: headersWith(initial, type), body }, remember && !isOnce);
      }}
    >
      <div className="answer-head">
        <Input label="Status" value={status} isInvalid={!isStatus} onChange={setStatus} />
        <Input label="Content type" value={type} onChange={setType} />
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
      {isOnce ? null : (
        <label className="row">
          <input type="checkbox" checked={remember} onChange={({ target }) => setRemember(target.checked)} />
          Reuse in later previews
        </label>
      )}
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

function Input({
  label,
  value,
  isInvalid = false,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly isInvalid?: boolean;
  readonly onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        value={value}
        aria-invalid={isInvalid}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  );
}

function contentTypeOf({ headers = [] }: MockResponse): string {
  return headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "application/json";
}

/** The length of the body may be another one now. */
function headersWith({ headers = [] }: MockResponse, type: string): NonNullable<MockResponse["headers"]> {
  const others = headers.filter(([name]) => !/^content-(?:type|length|encoding)$/i.test(name));
  return [["content-type", type], ...others];
}
