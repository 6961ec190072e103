import type { JsonValue } from "../../base/json.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { GuestContext } from "../../host/guest.ts";
import type { HttpClient } from "../../host/network/http-client.ts";
import type { PreviewRequest } from "../contract/preview.ts";
import { prepareMock } from "../answers/mock-responses.ts";
import type { PreparedMock } from "../answers/mock-responses.ts";
import { createRecordedAnswers } from "../answers/recorded-answers.ts";
import type { RecordedAnswers } from "../answers/recorded-answers.ts";
import { createRecordedResponses } from "../answers/recorded-results.ts";
import type { StepAnswer } from "../answers/recorded-results.ts";
import { recordedSignals } from "../answers/recorded-signals.ts";
import type { Timeline } from "../answers/timeline.ts";
import type { NamedCall } from "../../replay/journal/made-call.ts";
import type { RecordedRun } from "../contract/recorded-run.ts";
import type { JournalEntry } from "./journal-record.ts";
import type { LocalState } from "./local-state.ts";
import { createMemoryJournal } from "./memory-journal.ts";
import type { HandlerCall, MemoryJournal } from "./memory-journal.ts";
import { createMockingClient } from "../answers/mocking-client.ts";
import type { MockingClient } from "../answers/mocking-client.ts";
import { createPendingRequests } from "../answers/pending-requests.ts";
import type { PendingRequests } from "../answers/pending-requests.ts";
import { createVirtualClock } from "../clock/virtual-clock.ts";
import type { VirtualClock } from "../clock/virtual-clock.ts";

export interface RunEnvironmentOptions {
  readonly request: PreviewRequest;
  /** Sends the fetches that have no mock response. */
  readonly http: Pick<HttpClient, "fetch">;
  readonly states: LocalState;
  /** Returns the ID of an execution that the run starts. */
  readonly newExecutionId: () => string;
  /** Of a run on a recording. */
  readonly timeline?: Timeline | undefined;
}

/** The environment of a run's guest. */
export interface RunEnvironment {
  readonly clock: VirtualClock;
  readonly pendingRequests: PendingRequests;
  readonly client: MockingClient;
  readonly journal: MemoryJournal;
}

export function createRunEnvironment(
  { request, http, states, newExecutionId, timeline }: RunEnvironmentOptions,
  context: GuestContext,
  onChange: (entry?: JournalEntry) => void,
): RunEnvironment {
  const { recorded } = request;
  /** Recorded signals that have not arrived yet. */
  const expected = new Set<string>();
  const clock = createVirtualClock({
    startAt: context.now,
    mode: request.clock ?? "skip",
    isBlocked: () => pendingRequests.open.length > 0 || waitsForUser(),
    onChange,
  });
  const waitsForUser = () =>
    recorded?.isUnattended !== true && expected.size === 0 && journal.isAwaitingSignal();
  const markWritten = (step: number) => {
    const entry = journal.entries.findLast(({ index }) => index === step);
    if (entry !== undefined) entry.isWritten = true;
  };
  const pendingRequests = createPendingRequests(clock, { onChange, onAnswered: markWritten });
  const mocks = (request.answers ?? []).map(prepareMock);
  const steps = new Map<number, StepAnswer>();
  const client = createMockingClient({
    http,
    clock,
    mode: request.network ?? "direct",
    mocks,
    ask: (pending, signal) => pendingRequests.ask(pending, signal),
    onMocked: markWritten,
    recordedAnswers:
      timeline === undefined
        ? undefined
        : createRecordedResponses({ clock, answerOf: (step) => steps.get(step), lastAt: timeline.lastAt }),
  });
  const journal = createMemoryJournal({
    clock,
    call: async ({ callee, input, index }, signal) =>
      callee.object === "WorkflowState"
        ? await states.answer(callee.key, callee.handler, input, clock.now())
        : await requestCallResult(pendingRequests, { callee, input, index }, signal),
    send: newExecutionId,
    onChange(entry) {
      if (entry.answer !== undefined && entry.call !== undefined) {
        steps.set(entry.index, { answer: entry.answer, arguments: entry.call.arguments });
      }
      onChange(entry);
    },
    answers: answersOf(recorded, timeline, mocks),
    onRecordedCall: ({ callee, input }, outcome) => {
      if (callee.object === "WorkflowState") states.mirror(callee.key, callee.handler, input, outcome);
    },
  });
  if (recorded !== undefined && timeline !== undefined) {
    scheduleExternalInput(recorded, timeline, { clock, journal, expected });
  }
  return { clock, pendingRequests, client, journal };
}

function answersOf(
  recorded: RecordedRun | undefined,
  timeline: Timeline | undefined,
  mocks: readonly PreparedMock[],
): RecordedAnswers | undefined {
  if (recorded === undefined || timeline === undefined) return undefined;
  return createRecordedAnswers(recorded, timeline, ({ operation, arguments: given }: NamedCall) => {
    const { method = "GET", url = "" } = given as { readonly method?: string; readonly url?: string };
    return operation === "fetch" && mocks.some((mock) => mock.matches({ method, url }));
  });
}

/** Events, callbacks and a cancellation arrive when they did. */
function scheduleExternalInput(
  recorded: RecordedRun,
  { signals, cancelledAt }: Timeline,
  {
    clock,
    journal,
    expected,
  }: Pick<RunEnvironment, "clock" | "journal"> & { readonly expected: Set<string> },
): void {
  const values = recordedSignals(recorded);
  for (const { name, at, rank } of signals) {
    const value = values.get(name);
    if (value === undefined) continue;
    expected.add(name);
    const arrive = () => {
      expected.delete(name);
      journal.deliver(name, value);
    };
    clock.schedule(at, arrive, rank);
  }
  if (cancelledAt !== undefined) clock.schedule(cancelledAt, () => journal.cancel());
}

/** A call is not executed: the user supplies its result. */
async function requestCallResult(
  pendingRequests: PendingRequests,
  { callee, input, index }: HandlerCall,
  signal: AbortSignal,
): Promise<Outcome> {
  const given = input as { readonly entryPoint?: string; readonly payload: JsonValue };
  const answer = await pendingRequests.ask(
    { kind: "call", step: index, workflowId: callee.key, ...given },
    signal,
  );
  if ("error" in answer) return { ok: false, error: answer.error };
  return { ok: true, value: "result" in answer ? answer.result : null };
}
