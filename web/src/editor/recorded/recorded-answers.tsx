import { useState } from "react";
import { Link, useSearch } from "wouter";
import type { ChangedAnswer } from "#preview/contract/recorded-run.ts";
import type { RecordedCall } from "#recordings/recording.ts";
import { Button } from "../../components/button.tsx";
import { shortId } from "../../executions/short-id.ts";
import { count } from "../../model/plural.ts";
import { AnswerForm } from "../preview/answer-form.tsx";
import { JsonForm } from "../preview/json-form.tsx";
import { answerText, editableCalls, recordedResponse, recordedResult } from "./recorded-answer.ts";
import type { RecordedInput } from "./use-recorded-input.ts";
import "./recorded.css";

/** The execution whose answers previews use, and the answers, which can be edited. */
export function RecordedAnswers({ recorded }: { readonly recorded: RecordedInput }) {
  const { run, edited, edit, stop } = recorded;
  const { executionId, version } = run.recording;
  const calls = editableCalls(run.recording);
  const asked = new URLSearchParams(useSearch()).get("answer");
  const [editing, setEditing] = useState(asked === null ? undefined : Number(asked));
  return (
    <section className="recorded" aria-label="Recorded execution">
      <div className="row">
        <p className="grow">
          Runs on{" "}
          <Link href={`/executions/${executionId}`} title={executionId}>
            execution {shortId(executionId)}
          </Link>{" "}
          of version {version}
        </p>
        <Button size="small" kind="quiet" icon="close" onClick={stop}>
          Stop using it
        </Button>
      </div>
      <p className="soft small">
        Calls that match get the recorded answer. Others ask you for one, unless the settings let them be
        sent.
      </p>
      {calls.length === 0 ? null : (
        <details className="panel-details" open={asked === null ? undefined : true}>
          <summary>
            {count(calls.length, "recorded answer")}
            {edited.size === 0 ? "" : `, ${edited.size} edited`}
          </summary>
          <ul>
            {calls.map((each) => (
              <li key={each.number}>
                <div className="row">
                  <code className="grow truncate small" title={each.call.name}>
                    {each.call.name}
                  </code>
                  <span className="soft small">
                    {edited.has(each.number) ? "edited" : answerText(each.call)}
                  </span>
                  <Button
                    size="small"
                    kind="quiet"
                    onClick={() => setEditing(editing === each.number ? undefined : each.number)}
                  >
                    {editing === each.number ? "Close" : "Edit"}
                    <span className="visually-hidden"> {each.call.name}</span>
                  </Button>
                </div>
                {editing === each.number ? (
                  <EditAnswer
                    call={each.call}
                    edited={edited.get(each.number)}
                    onDone={(answer) => {
                      edit(each.number, answer);
                      setEditing(undefined);
                    }}
                  />
                ) : null}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function EditAnswer({
  call,
  edited,
  onDone,
}: {
  readonly call: RecordedCall;
  readonly edited: ChangedAnswer | undefined;
  /** Without an answer, the recorded one is restored. */
  readonly onDone: (answer: ChangedAnswer | undefined) => void;
}) {
  const response = edited !== undefined && "response" in edited ? edited.response : recordedResponse(call);
  const result = edited !== undefined && "result" in edited ? edited.result : recordedResult(call);
  return (
    <div className="stack tight recorded-edit">
      {call.operation === "fetch" ? (
        <AnswerForm
          verb="Use this response"
          isOnce
          {...(response === undefined ? {} : { initial: response })}
          onAnswer={(written) => onDone({ response: written })}
          onFail={() => onDone({ failure: "network" })}
        />
      ) : (
        <JsonForm
          label="Result"
          verb="Use this result"
          initial={JSON.stringify(result ?? null, undefined, 2)}
          onSend={(value) => onDone({ result: value })}
        />
      )}
      {edited === undefined ? null : (
        <div>
          <Button size="small" onClick={() => onDone(undefined)}>
            Restore recorded answer
          </Button>
        </div>
      )}
    </div>
  );
}
