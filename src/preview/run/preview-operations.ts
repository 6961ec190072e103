import { parseHostPattern } from "../../domain/host-pattern.ts";
import { egressRules } from "../../domain/workflow-settings.ts";
import type { Journal } from "../../host/journal.ts";
import { createFetchOperation } from "../../host/operations/fetch.ts";
import type { FetchOptions } from "../../host/operations/fetch.ts";
import type { Operation, Operations } from "../../host/operations/operation.ts";
import { createOperations } from "../../host/operations/registry.ts";
import type { Secret, SecretSource } from "../../host/secrets/secrets.ts";
import { announcing } from "../../replay/journal/made-call.ts";
import type { MadeCall } from "../../replay/journal/made-call.ts";
import type { PreviewRequest } from "../contract/preview.ts";
import type { MemoryJournal } from "./memory-journal.ts";
import type { MockingClient } from "../answers/mocking-client.ts";
import type { VirtualClock } from "../clock/virtual-clock.ts";

export interface PreviewOperationsOptions {
  readonly client: MockingClient;
  readonly clock: VirtualClock;
  /** The frames of the call that is admitted next; empty if they are not traced. */
  readonly nextStack: () => string;
  /** Called with each call before its command is made. */
  readonly onCall: (call: MadeCall) => void;
}

/** The operations of an execution, with a `fetch` that is bound to its step. */
export function createPreviewOperations(
  { secrets = {}, egress }: PreviewRequest,
  { client, clock, ...announced }: PreviewOperationsOptions,
): Operations {
  const rules = egressRules(egress === undefined ? {} : { egress });
  const given = {
    secrets: secretsOf(secrets),
    egressOf: () => rules,
    clock: () => clock.now(),
    waiting: clock,
  };
  const operations = createOperations({ ...given, http: client.forStep(() => -1) });
  return announcing(new Map(operations).set("fetch", fetchByStep(given, client)), announced);
}

function secretsOf(given: NonNullable<PreviewRequest["secrets"]>): SecretSource {
  const secrets = new Map<string, Secret>(
    Object.entries(given).map(([name, { value, hosts }]) => [
      name,
      { value, hosts: hosts.map(parseHostPattern) },
    ]),
  );
  return { find: (_workflowId, name) => secrets.get(name) };
}

/** A pending request belongs to a step, whose index operations do not know. */
function fetchByStep(given: Omit<FetchOptions, "http">, client: MockingClient): Operation {
  const fetchWith = (index: () => number) => createFetchOperation({ ...given, http: client.forStep(index) });
  return {
    ...fetchWith(() => -1),
    prepare(argumentsJson, body) {
      let index = -1;
      const start = fetchWith(() => index).prepare(argumentsJson, body);
      if (start === undefined) return undefined;
      return (journal, now, execution) => {
        const pending = start(journal, now, execution);
        index = lastIndex(journal);
        return pending;
      };
    },
  };
}

function lastIndex(journal: Journal): number {
  return (journal as MemoryJournal).entries.at(-1)?.index ?? -1;
}
