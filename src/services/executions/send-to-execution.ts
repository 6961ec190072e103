import type { ExecutionService } from "../../api/contract/services.ts";
import { createSemaphore } from "../../base/concurrency/semaphore.ts";
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { CallbackInput, EventInput } from "../../journal/object-inputs.ts";
import { executionObjectName } from "../../journal/object-names.ts";
import { readStarts } from "../../read-model/execution-starts.ts";
import { findCallbackTarget, findSignalTarget } from "../../read-model/signal-targets.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import type { KeyRing } from "../../stores/data-directory/key-ring.ts";
import { hasSealOf, isGenuine, readToken, verifySeal } from "./callback-token.ts";
import type { CallbackToken } from "./callback-token.ts";
import { maxCallbackLookupsWaiting } from "./limits.ts";

/** Sends events and callbacks to executions. */
export function externalInputs(
  restate: RestateClient,
  keys: Pick<KeyRing, "open" | "has">,
): Pick<ExecutionService, "sendEvent" | "openCallback"> {
  const verifyToken = createTokenVerifier(restate, keys);
  return {
    async sendEvent(executionId, name, payload) {
      const { reusesSteps } = await findSignalTarget(restate, executionId);
      const input: EventInput = { name, ...received(payload), reusesSteps };
      await restate.call({ object: executionObjectName, key: executionId, handler: "event" }, input);
    },
    async openCallback(text) {
      const { executionId: creator, callback } = await verifyToken(text);
      return async (payload) => {
        const { executionId, reusesSteps } = await findCallbackTarget(restate, creator);
        const input: CallbackInput = { callback, ...received(payload), reusesSteps };
        await restate.call({ object: executionObjectName, key: executionId, handler: "callback" }, input);
      };
    },
  };
}

/**
 * Verifies tokens of callbacks. A token whose master key was removed can be verified only against the journal of its
 * execution. Such look-ups run one at a time, because Restate reads a whole journal for each and any caller can cause one.
 *
 * @throws {DuraniumError} `callback-not-found`, `overloaded`
 */
function createTokenVerifier(
  restate: Pick<RestateClient, "query">,
  keys: Pick<KeyRing, "open" | "has">,
): (text: string) => Promise<CallbackToken> {
  const lookups = createSemaphore(1);
  const isInJournal = async (token: CallbackToken) => {
    if (lookups.waiting >= maxCallbackLookupsWaiting) throw tooManyLookups();
    using _permit = await lookups.take();
    const start = (await readStarts(restate, [token.executionId])).get(token.executionId);
    return start !== undefined && hasSealOf(token, start.callbackUrl) && isGenuine(token, start.seed);
  };
  return async (text) => {
    const token = readToken(text);
    const verdict = token === undefined ? "forged" : verifySeal(keys, token);
    if (token !== undefined && verdict === "genuine") return token;
    if (token !== undefined && verdict === "unknown" && (await isInJournal(token))) return token;
    throw new DuraniumError("callback-not-found", "Callback not found");
  };
}

function tooManyLookups(): DuraniumError {
  return new DuraniumError(
    "overloaded",
    `Cannot look up the callback: ${maxCallbackLookupsWaiting} lookups are queued (maxCallbackLookupsWaiting)`,
  );
}

/** A received value with its time; `bytes` counts towards the limit of the execution. */
function received(value: JsonValue) {
  return { now: Date.now(), value, bytes: Buffer.byteLength(JSON.stringify(value)) };
}
