import { KiB, MiB } from "../base/binary-units.ts";
import { maxPayloadBytes } from "../domain/limits.ts";

/** What an execution may do through its host, beyond the limits in `domain/limits.ts` that other rooms and the guest share. */

/** Console lines stored per execution. Later lines are dropped, and the last stored line says so. */
export const maxLogLinesPerExecution = 10_000;

/** Arguments of a host call without its body: a payload for another workflow, and the fields around it. */
export const maxCallArgumentBytes = maxPayloadBytes + 64 * KiB;

/** Keys of `ctx.state` per workflow. One request lists all of them. */
export const maxStateKeys = 10_000;

/** Data of one HMAC that a workflow requests with a secret. */
export const maxHmacBytes = 8 * MiB;

/**
 * Characters of a request's URL that the journal records for display. Its name, method and size are always
 * recorded.
 */
export const maxRecordedUrlCharacters = 4_096;
export const maxRecordedHeaders = 64;
export const maxRecordedHeaderCharacters = 1_024;
export const maxRecordedBodyBytes = 16 * KiB;

/**
 * Time after the first attempt of a fetch in which its last attempt may start. That attempt may take
 * `fetchTimeoutMs`, and the fetch still ends before Restate's abort timeout of two minutes (`restate.toml`), which
 * would restart it.
 */
export const maxFetchRetryMs = 50_000;

/** Timeout of one DNS query. */
export const dnsTimeoutMs = 2_000;

/** How often a query is sent to each name server. */
export const dnsTries = 2;

/** Concurrent DNS lookups. */
export const maxLookups = 256;

/** Concurrent DNS lookups per workflow. Further ones wait. */
export const maxLookupsPerWorkflow = 16;

/**
 * Minimum time that a DNS answer is cached, even if its TTL is shorter, so that a burst of fetches makes one
 * lookup.
 */
export const minDnsTtlMs = 1_000;

/** Maximum time that a DNS answer is cached, even if its TTL is longer. */
export const maxDnsTtlMs = 5 * 60_000;

/** Names in the DNS cache. */
export const maxCachedNames = 1_000;

/** The same limit as in browsers and undici. */
export const maxFetchRedirects = 20;

/** Response headers. Some large sites exceed Node's default of 16 KiB. */
export const maxFetchHeaderBytes = 64 * KiB;

/** Sockets of one workflow to one origin. Its further fetches wait for one of them. */
export const maxFetchConnectionsPerOrigin = 256;

/** Concurrent fetches of all executions. Each has a socket, or waits for one. */
export const maxFetches = 2_048;

/** Concurrent fetches per workflow. Further ones wait. */
export const maxFetchesPerWorkflow = 256;

/** How long the connections of a workflow without fetches stay open for its next one. */
export const idleAgentTimeoutMs = 10_000;

/** Workflows without fetches whose connections stay open. */
export const maxIdleAgents = 200;

/**
 * Concurrent reads of response bodies above each size, in total and per workflow. A body takes four to six times
 * its size in memory, with its copies as a result and as a message to Restate.
 */
export const bodyMemoryTiers = [
  { overBytes: 64 * KiB, bodies: 64, bodiesPerWorkflow: 32 },
  { overBytes: MiB, bodies: 8, bodiesPerWorkflow: 4 },
] as const;

/** Bytes per second of one workflow's response bodies above the first of those sizes. */
export const maxBodyBytesPerSecond = 16 * MiB;

/** How long a response body waits for permission to be read. */
export const bodyMemoryTimeoutMs = 30_000;

/**
 * Concurrent fetches per execution. Further ones wait, and the wait counts towards their timeout. This is half of
 * the sockets that a workflow has per origin, so that no execution can take all of them.
 */
export const maxConcurrentFetches = 128;

/** Total size of the bodies of those calls. */
export const maxBodyBytesInFlight = 64 * MiB;

/** How long host calls that a workflow did not await may continue after it has returned. */
export const completionGraceMs = 5_000;

/** How long the host calls of `catch` and `finally` blocks may continue after an execution has been cancelled. */
export const cancellationGraceMs = 20_000;

/**
 * Total size of the secrets that one request sends. The response is searched for about twenty encodings of each.
 */
export const maxRevealedSecretBytes = 32 * KiB;

/** Bytes that a guest passes to the host in one turn: a large result, or several request bodies. */
export const maxTurnBytes = 32 * MiB;

/** Name of a host operation. The longest one has five letters. */
export const maxOperationNameBytes = 64;

/** Console lines per turn. Later lines are dropped, and a line says so. */
export const maxLogLinesPerTurn = 2_000;

/** Timers that take part in a race. Each adds to its cost, and timers that fire later cannot win it. */
export const maxRacingTimers = 32;

/** A request that starts later than this after its slot was granted takes another token of its host's rate. */
export const staleGrantMs = 1_000;

/** The longest time for which `Retry-After` holds back the requests to a host. */
export const maxHostHoldMs = 60 * 60 * 1_000;

/**
 * How long a retry or a redirect waits for the queue of its host, if that cannot be reached. As with `maxFetchRetryMs`, the fetch
 * ends before Restate would restart it.
 */
export const maxQueueOutageMs = 50_000;

/** How long a request that needs a token, and leaves the next one to others, waits before it asks again. */
export const minBookingPauseMs = 50;
export const maxBookingPauseMs = 2_000;

/** How long a request waits for a token at most. */
export const maxTokenWaitMs = 24 * 60 * 60 * 1_000;
