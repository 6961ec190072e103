import { createHash } from "node:crypto";

/**
 * The delay of a start in milliseconds: at least 0 and less than `jitterMs`. The same schedule and instant always have the
 * same one.
 */
export function jitterOf(scheduleId: string, at: number, jitterMs: number): number {
  const digest = createHash("sha256").update(`${scheduleId} ${at}`).digest();
  return Math.floor((digest.readUInt32BE(0) / 2 ** 32) * jitterMs);
}
