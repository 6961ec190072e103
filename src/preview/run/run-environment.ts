import type { JsonValue } from "../../base/json.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { GuestContext } from "../../host/guest.ts";
import type { HttpClient } from "../../host/network/http-client.ts";
import type { PreviewRequest } from "../contract/preview.ts";
import type { JournalEntry } from "./journal-record.ts";
import type { LocalState } from "./local-state.ts";
import { createMemoryJournal } from "./memory-journal.ts";
import type { HandlerCall, MemoryJournal } from "./memory-journal.ts";
import { createMockingClient } from "./mocking-client.ts";
import type { MockingClient } from "./mocking-client.ts";
import { createPendingRequests } from "./pending-requests.ts";
import type { PendingRequests } from "./pending-requests.ts";
import { createVirtualClock } from "./virtual-clock.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface RunEnvironmentOptions {
  readonly request: PreviewRequest;
  /** Sends the fetches that have no mock response. */
  readonly http: Pick<HttpClient, "fetch">;
  readonly states: LocalState;
  /** Returns the ID of an execution that the run starts. */
  readonly newExecutionId: () => string;
}

/** The environment of a run's guest. */
export interface RunEnvironment {
  readonly clock: VirtualClock;
  readonly pendingRequests: PendingRequests;
  readonly client: MockingClient;
  readonly journal: MemoryJournal;
}

export function createRunEnvironment(
  { request, http, states, newExecutionId }: RunEnvironmentOptions,
  context: GuestContext,
  onChange: (entry?: JournalEntry) => void,
): RunEnvironment {
  const clock = createVirtualClock({
    startAt: context.now,
    mode: request.clock ?? "skip",
    isBlocked: () => pendingRequests.open.length > 0 || journal.isAwaitingSignal(),
    onChange,
  });
  const pendingRequests = createPendingRequests(clock, onChange);
  const client = createMockingClient({
    http,
    clock,
    mode: request.network ?? "direct",
    answers: request.answers ?? [],
    ask: (pending, signal) => pendingRequests.ask(pending, signal),
  });
  const journal = createMemoryJournal({
    clock,
    call: async ({ callee, input, index }, signal) =>
      callee.object === "WorkflowState"
        ? await states.answer(callee.key, callee.handler, input, clock.now())
        : await requestCallResult(pendingRequests, { callee, input, index }, signal),
    send: newExecutionId,
    onChange,
  });
  return { clock, pendingRequests, client, journal };
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
