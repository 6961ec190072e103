import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import type { TimedOutcome } from "../../domain/outcome.ts";
import { limitedHost } from "../../domain/flow/host-limits.ts";
import type { HostLimits } from "../../domain/flow/host-limits.ts";
import type { EgressRules } from "../../domain/workflow-settings.ts";
import type { HostSlotAnswer, HostSlotRequest } from "../journal.ts";
import { FetchError } from "../network/fetch-error.ts";
import type { HttpClient, HttpResponse } from "../network/http-client.ts";
import { realWaiting } from "../retry-clock.ts";
import type { Waiting } from "../retry-clock.ts";
import { createEnvelope } from "../secrets/secrets.ts";
import type { SecretSource } from "../secrets/secrets.ts";
import { placeholdersOf } from "../seed/secret-placeholder.ts";
import type { Placeholders } from "../seed/secret-placeholder.ts";
import { traceparentOfFetch } from "../seed/trace-context.ts";
import { recordRequest } from "./fetch-record.ts";
import { attemptTimeout, fetchRetry, fetchWithRetries } from "./fetch-retry.ts";
import type { RetriedRequest } from "./fetch-retry.ts";
import { createHostPacing } from "./host-pacing.ts";
import type { HostPacing, HostQueues } from "./host-pacing.ts";
import { decodeOutcome, encodeOutcome } from "./journaled-outcome.ts";
import type { BodyCompression } from "./journaled-outcome.ts";
import { defineOperation } from "./operation.ts";
import type { AskingExecution, Operation } from "./operation.ts";

const fetchArguments = z.strictObject({
  url: z.string(),
  method: z.string().default("GET"),
  /** In the order of the request, names as the workflow wrote them, one pair for each value. */
  headers: z.array(z.tuple([z.string(), z.string()])).default([]),
  redirect: z.enum(["follow", "error", "manual"]).default("follow"),
  /** Absent for a single attempt. */
  retry: fetchRetry.exactOptional(),
  timeout: attemptTimeout.exactOptional(),
});

type FetchArguments = z.infer<typeof fetchArguments>;

const maxNameLength = 200;

export interface FetchOptions {
  readonly http: HttpClient;
  readonly secrets: SecretSource;
  /** The allowed destinations of a workflow, in addition to the operator's rules. */
  readonly egressOf: (workflowId: string) => EgressRules | undefined | Promise<EgressRules | undefined>;
  /** Milliseconds since the Unix epoch, read when the fetch ends. */
  readonly clock: () => number;
  readonly compression?: BodyCompression;
  /** The queues of hosts. Absent in a preview, which has no limits of hosts. */
  readonly hostQueues?: HostQueues;
  /** The wait between two attempts. */
  readonly waiting?: Waiting;
}

/**
 * `fetch`. Arguments: `{url, method?, headers?, redirect?, retry?, timeout?}` and the request's body. Value:
 * `{status, statusText, url, redirected, headers}` and the response's body. Every failure is an outcome, including a refused
 * destination: the guest receives a `TypeError`, as from the platform's fetch.
 */
export function createFetchOperation({
  http,
  secrets,
  egressOf,
  clock,
  compression,
  hostQueues,
  waiting = realWaiting,
}: FetchOptions): Operation {
  const openHolding = createHoldings();
  const traceparentOf = createTraceparents();

  async function effect(
    request: RetriedRequest,
    { pacing, holding, placeholders }: EffectParts,
    signal: AbortSignal,
  ): Promise<JsonValue> {
    const timing = { signal, clock, waiting, ...pacing };
    const { attempts, ...ended } = await fetchWithRetries(pacing?.client ?? http, request, timing);
    const sent = { request: recordRequest(request, placeholders) };
    const outcome =
      "response" in ended ? succeeded(ended.response, clock()) : failed(ended.error, request, clock());
    if ("response" in ended) holding.hold(ended.response.body.length);
    const compressed = "response" in ended ? await compression?.compress(ended.response.body) : undefined;
    if (attempts.length === 1) return encodeOutcome(outcome, sent, compressed);
    const records = { ...sent, attemptHistory: attempts };
    return encodeOutcome({ ...outcome, attempts: attempts.length }, records, compressed);
  }

  return defineOperation({
    name: "fetch",
    isEffect: true,
    arguments: fetchArguments,
    bodyLimit: ({ fetchRequestBytes }) => ({ fetchRequestBytes }),
    start: (journal, { arguments: given, body, execution }) => {
      const { workflowId, version, executionId, seed, limits, hostLimits } = execution;
      const slot = slotRequestOf(given, hostLimits);
      const holding = openHolding(execution);
      const traced = withTraceparent(given, traceparentOf(execution));
      const run = async (signal: AbortSignal, answer?: HostSlotAnswer) => {
        if (answer?.isGranted === false) return encodeOutcome(purged(slot?.host ?? "", clock()));
        const pacing = pacingOf({ http, hostQueues, clock, waiting, hostLimits }, answer);
        const placeholders = placeholdersOf(seed);
        const envelope = createEnvelope(secrets, { workflowId, placeholders });
        const allowed = await egressOf(workflowId);
        const maxResponseBytes = limits.fetchResponseBytes;
        const sender = { workflowId, version, executionId };
        const { assertCapacity } = holding;
        const request = { ...traced, ...sender, body, envelope, allowed, maxResponseBytes, assertCapacity };
        return await effect(request, { pacing, holding, placeholders }, signal);
      };
      return journal.run(fetchName(given), run, slot).map((outcome) => {
        holding.release();
        return decodeOutcome(outcome, compression?.decompress);
      });
    },
  });
}

function pacingOf(
  {
    http,
    hostQueues: queues,
    hostLimits: limits,
    clock,
    waiting,
  }: {
    readonly http: HttpClient;
    readonly hostQueues: HostQueues | undefined;
    readonly hostLimits: HostLimits | undefined;
    readonly clock: () => number;
    readonly waiting: Waiting;
  },
  answer: HostSlotAnswer | undefined,
): HostPacing | undefined {
  if (limits === undefined || queues === undefined) return undefined;
  return createHostPacing(http, { limits, queues, answer, clock, waiting });
}

/** What an effect uses in addition to its request. */
interface EffectParts {
  /** Absent if no host has limits. */
  readonly pacing: HostPacing | undefined;
  readonly holding: Holding;
  readonly placeholders: Placeholders;
}

/** The slot that the fetch needs, if its host has limits. Whether it does is journaled, so a replay requests the same. */
function slotRequestOf(
  { url }: FetchArguments,
  hostLimits: HostLimits | undefined,
): HostSlotRequest | undefined {
  const parsed = hostLimits === undefined ? null : URL.parse(url);
  if (parsed === null) return undefined;
  const host = limitedHost(parsed, hostLimits);
  const limits = host === undefined ? undefined : hostLimits?.[host];
  return host === undefined || limits === undefined ? undefined : { host, limits };
}

function purged(host: string, now: number): TimedOutcome {
  const message = `fetch failed: an operator purged the queue of ${host}`;
  return { ok: false, now, error: { name: "TypeError", message, code: "fetch-failed" } };
}

/** Numbers the fetches of each execution. It must be called for every fetch, also in a replay, to keep the numbers. */
function createTraceparents(): (execution: AskingExecution) => string | undefined {
  const fetches = new WeakMap<AskingExecution, number>();
  return (execution) => {
    const { traceparent, seed } = execution;
    if (traceparent === undefined) return undefined;
    const fetchNumber = fetches.get(execution) ?? 0;
    fetches.set(execution, fetchNumber + 1);
    return traceparentOfFetch(traceparent, { seed, fetchNumber });
  };
}

/** Adds the header, unless the workflow sends its own. */
function withTraceparent(
  given: FetchArguments,
  traceparent: string | undefined,
): FetchArguments & { readonly traceparent?: string } {
  const isSent = given.headers.some(([name]) => name.toLowerCase() === "traceparent");
  if (traceparent === undefined || isSent) return given;
  return { ...given, headers: [...given.headers, ["traceparent", traceparent]], traceparent };
}

/** The memory of one fetch, from its response until the delivery to the guest. */
interface Holding {
  /** @throws {FetchError} `limit-exceeded` if the execution would hold more than its limit */
  readonly assertCapacity: (bodyBytes: number) => void;
  hold(bodyBytes: number): void;
  release(): void;
}

/**
 * Limits the responses that an execution holds in memory: they wait there, because they are delivered one at a time. The limit
 * is that of the journal, since delivering more than that would end the execution anyway.
 */
function createHoldings(): (execution: AskingExecution) => Holding {
  const heldBy = new WeakMap<AskingExecution, number>();
  return (execution) => {
    let own = 0;
    const held = () => heldBy.get(execution) ?? 0;
    return {
      assertCapacity(bodyBytes) {
        const { journalBytes } = execution.limits;
        if (held() + bodyBytes > journalBytes) throw tooMuchHeld(journalBytes);
      },
      hold(bodyBytes) {
        own = bodyBytes;
        heldBy.set(execution, held() + own);
      },
      release() {
        heldBy.set(execution, held() - own);
        own = 0;
      },
    };
  };
}

function tooMuchHeld(journalBytes: number): FetchError {
  return new FetchError(
    "limit-exceeded",
    `the pending responses of the execution exceed ${journalBytes} bytes in total (journalBytes)`,
  );
}

/**
 * The journal's name of a fetch: `fetch GET https://api.example.com/orders?…`. Every API key that can read executions sees it,
 * so it omits user names, passwords, queries and fragments, which may contain secrets. Journals in flight contain these names,
 * so changing them breaks replays.
 */
export function fetchName({ url, method }: Pick<FetchArguments, "url" | "method">): string {
  const name = escapeControls(`fetch ${method} ${publicPart(url)}`);
  return name.length <= maxNameLength ? name : `${name.slice(0, maxNameLength - 1).toWellFormed()}…`;
}

function publicPart(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return "(not a URL)";
  // In other schemes, any part may be secret.
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") return `${parsed.protocol}…`;
  return `${parsed.origin}${parsed.pathname}${parsed.search === "" ? "" : "?…"}`;
}

function escapeControls(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return `\\u{${codePoint.toString(16)}}`;
  });
}

function succeeded({ body, ...head }: HttpResponse, now: number): TimedOutcome {
  const headers = head.headers.map(([name, value]) => [name, value]);
  return { ok: true, now, value: { ...head, headers }, body };
}

/**
 * A network failure has Node's message and cause: libraries decide by the text "fetch failed" and by the cause's code whether to
 * retry (https://undici.nodejs.org/#/docs/api/Errors). For a request that Duranium rejected, the message has the reason.
 */
function failed(error: FetchError, { timeout }: RetriedRequest, now: number): TimedOutcome {
  const { message, code, networkCode } = error;
  // A timeout that the author set is reported in the same way as one of `AbortSignal.timeout`.
  const isAuthorsTimeout = code === "fetch-timeout" && timeout !== undefined;
  const isNetworks = code === "fetch-failed" || code === "fetch-timeout";
  if (isAuthorsTimeout || !isNetworks) {
    const name = isAuthorsTimeout ? "TimeoutError" : "TypeError";
    return { ok: false, now, error: { name, message: `fetch failed: ${message}`, code } };
  }
  const cause = { name: "Error", message, ...(networkCode === undefined ? {} : { code: networkCode }) };
  return { ok: false, now, error: { name: "TypeError", message: "fetch failed", code, cause } };
}
