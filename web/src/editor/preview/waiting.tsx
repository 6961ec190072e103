import type { MockedFetch } from "#preview/contract/mock-response.ts";
import type { Answer, PreviewSession, PreviewState, PendingRequest } from "#preview/contract/preview.ts";
import { Button } from "../../components/button.tsx";
import { AnswerForm } from "./answer-form.tsx";
import { JsonForm } from "./json-form.tsx";

export interface WaitingProps {
  readonly state: PreviewState;
  readonly session: PreviewSession;
  readonly onRemember: (answer: MockedFetch) => void;
}

/** The inputs that a preview waits for, each with a form. */
export function Waiting({ state, session, onRemember }: WaitingProps) {
  const callbacks = state.callbacks.filter(({ isUsed }) => !isUsed);
  if (state.pendingRequests.length + state.events.length + callbacks.length === 0) return null;
  return (
    <section className="waiting" aria-label="Waiting for input">
      {state.pendingRequests.map((pending) => (
        <PendingRequestCard
          key={pending.step}
          pending={pending}
          onRemember={onRemember}
          onAnswer={(answer) => session.answer(pending.step, answer)}
        />
      ))}
      {state.events.map((name) => (
        <div className="waiting-card" key={name}>
          <p>
            Waiting for event <code>{name}</code>
          </p>
          <JsonForm
            label="Event payload"
            verb="Send event"
            onSend={async (value) => await session.sendEvent(name, value)}
          />
        </div>
      ))}
      {callbacks.map(({ callback, url }) => (
        <div className="waiting-card" key={callback}>
          <p>
            Waiting for callback <code className="break">{url}</code>
          </p>
          <JsonForm
            label="Callback payload"
            verb="Complete callback"
            onSend={async (value) => await session.completeCallback(callback, value)}
          />
        </div>
      ))}
    </section>
  );
}

function PendingRequestCard({
  pending,
  onAnswer,
  onRemember,
}: {
  readonly pending: PendingRequest;
  readonly onAnswer: (answer: Answer) => void;
  readonly onRemember: (answer: MockedFetch) => void;
}) {
  if (pending.kind === "call") return <CallCard pending={pending} onAnswer={onAnswer} />;
  const { method, url, why, body } = pending;
  return (
    <div className="waiting-card">
      <p>
        <strong>Response to</strong>{" "}
        <code className="break">
          {method} {url}
        </code>
      </p>
      <p className="soft small">{asSentence(why)}</p>
      {body === undefined || body === "" ? null : <pre className="request-body">{body.slice(0, 2_000)}</pre>}
      <AnswerForm
        verb="Respond"
        onAnswer={(response, remember) => {
          if (remember) onRemember({ method, url, response });
          onAnswer({ response });
        }}
        onFail={() =>
          onAnswer({ error: { name: "TypeError", message: `${method} ${url} failed (simulated)` } })
        }
      />
    </div>
  );
}

function asSentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function CallCard({
  pending: { workflowId, payload },
  onAnswer,
}: {
  readonly pending: PendingRequest & { readonly kind: "call" };
  readonly onAnswer: (answer: Answer) => void;
}) {
  return (
    <div className="waiting-card">
      <p>
        <strong>Result of {workflowId}</strong> Previews do not run other workflows.
      </p>
      <pre className="request-body">{JSON.stringify(payload, undefined, 2)?.slice(0, 2_000)}</pre>
      <JsonForm label="Result" verb="Respond" onSend={(result) => onAnswer({ result })} />
      <div>
        <Button
          size="small"
          onClick={() => onAnswer({ error: { name: "Error", message: `${workflowId} failed (simulated)` } })}
        >
          Fail it
        </Button>
      </div>
    </div>
  );
}
