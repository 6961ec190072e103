import { KiB, MiB } from "../../base/binary-units.ts";

/** Limits on requests to executions. */

/** Size above which a payload counts as large: accepting one costs CPU time in proportion to its size. */
export const largePayloadBytes = 64 * KiB;

/** Bytes of large payloads that one workflow accepts per second. Further ones are delayed. */
export const maxPayloadBytesPerSecond = 2 * MiB;

/**
 * Longest delay of a large payload. One that would wait longer is rejected, because a waiting request holds memory
 * and one of the request slots.
 */
export const maxPayloadWaitMs = 30_000;

/**
 * Requests that wait for the lookup of a callback signed with a removed master key. Each lookup reads a journal and
 * needs no API key.
 */
export const maxCallbackLookupsWaiting = 20;
