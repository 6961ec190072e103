import type { HttpClient } from "../http.ts";
import { callOperation, sendOperation } from "./call.ts";
import { createFetchOperation } from "./fetch.ts";
import type { Operations } from "./operation.ts";
import { sleepOperation, timerOperation } from "./sleep.ts";
import { stateOperation } from "./state.ts";
import { waitOperation } from "./wait.ts";

/** Everything that a workflow can ask of the host, by name. */
export function createOperations({
  http,
  clock = Date.now,
}: {
  readonly http: HttpClient;
  /** Milliseconds since the Unix epoch. */
  readonly clock?: () => number;
}): Operations {
  const operations = [
    createFetchOperation(http, clock),
    sleepOperation,
    timerOperation,
    waitOperation,
    stateOperation,
    callOperation,
    sendOperation,
  ];
  return new Map(operations.map((operation) => [operation.name, operation]));
}
