import { callOperation, sendOperation } from "./call.ts";
import { createFetchOperation } from "./fetch.ts";
import type { FetchOptions } from "./fetch.ts";
import { createHmacOperation } from "./hmac.ts";
import type { Operations } from "./operation.ts";
import { sleepOperation, timerOperation } from "./sleep.ts";
import { stateOperation } from "./state.ts";
import { tagOperation } from "./tag.ts";
import { waitOperation } from "./wait.ts";

export type OperationOptions = Omit<FetchOptions, "clock"> & Partial<Pick<FetchOptions, "clock">>;

/**
 * Creates all operations that a workflow can request, by name.
 *
 * A new one also needs a function of the guest that requests it with `callHost` (`src/guest/context`, or
 * `src/guest/platform` for a global), and types for authors (`packages/workflow/src`). The names of its journal entries are
 * frozen once it is released, so `test/golden/workflows` gets a workflow that uses it. `wit/runtime.wit` stays as it is,
 * because a host call carries the name of its operation and its arguments as JSON. Previews have all operations.
 */
export function createOperations({ clock = Date.now, ...given }: OperationOptions): Operations {
  const operations = [
    createFetchOperation({ ...given, clock }),
    createHmacOperation(given.secrets, clock),
    sleepOperation,
    timerOperation,
    waitOperation,
    stateOperation,
    callOperation,
    sendOperation,
    tagOperation,
  ];
  return new Map(operations.map((operation) => [operation.name, operation]));
}
