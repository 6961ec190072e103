import type { Request } from "@restatedev/restate-sdk";
import { readAccepted } from "../../journal/input-headers.ts";

/**
 * When an execution was accepted, in milliseconds since the Unix epoch. Restate accepts executions in an order that their attempts,
 * which begin at the same time, do not keep.
 *
 * The API sends the time as a header. An execution that another one sent has none, but an ID with a ULID, which begins with its time.
 * The IDs of requests to Restate's ingress do not have a time.
 *
 * @param now The result is never later. Otherwise a clock that is ahead could keep an execution behind all others.
 * @returns undefined if it is not known: for the run of a schedule, and for an execution that a client sent to Restate itself
 */
export function acceptedAtOf(
  request: Pick<Request, "headers" | "idempotencyKey"> & { readonly id: string },
  now: number,
): number | undefined {
  const at =
    readAccepted(request) ?? (request.idempotencyKey === undefined ? timeOf(request.id, now) : undefined);
  return at === undefined ? undefined : Math.min(at, now);
}

const maxAgeMs = 60 * 60 * 1_000;
const maxSkewMs = 60_000;

/** Other IDs are random: read as a time, one in ten million is within these bounds. */
function timeOf(id: string, now: number): number | undefined {
  const at = timeOfId(id);
  return at !== undefined && at > now - maxAgeMs && at < now + maxSkewMs ? at : undefined;
}

/** An ID is `inv_1`, the partition key in 11 characters, and the ULID as a number with the bytes in reverse order in 22. */
const idPattern = /^inv_1[0-9A-Za-z]{11}([0-9A-Za-z]{22})$/;
const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const timeBytes = 6;

function timeOfId(id: string): number | undefined {
  const [, text] = idPattern.exec(id) ?? [];
  if (text === undefined) return undefined;
  const reversed = Array.from(text).reduce((sum, digit) => sum * 62n + BigInt(digits.indexOf(digit)), 0n);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, reversed));
  return bytes.readUIntBE(0, timeBytes);
}
