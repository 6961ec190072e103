import { parseDuration } from "../../base/duration.ts";
import { maxSleepMs } from "../../domain/limits.ts";
import type { Duration } from "@duranium/workflow";

/**
 * Whole milliseconds of a duration, rounded up. A duration is a number of milliseconds, a text such as `"1h30m"`,
 * or ISO 8601 such as `"PT1H30M"`.
 *
 * @throws {TypeError} if it is none of these
 * @throws {RangeError} if it is negative, or longer than `maxSleepMs`
 */
export function durationMs(duration: Duration): number {
  const ms = typeof duration === "number" ? duration : parseDuration(duration);
  if (Number.isNaN(ms)) throw new TypeError(`${quote(duration)} is no duration: ${forms}`);
  if (ms < 0) throw new RangeError(`Cannot wait for ${quote(duration)}: a duration is not negative`);
  if (ms > maxSleepMs)
    throw new RangeError(`Cannot wait for ${quote(duration)}: at most 366 days are possible`);
  return Math.ceil(ms);
}

const forms = `use milliseconds, or text like "250ms", "30s", "5m", "1h30m", "2d", "1w", "PT5M"`;

function quote(duration: unknown): string {
  if (typeof duration === "string") return `"${duration.slice(0, 100)}"`;
  return typeof duration === "number" ? `${duration} ms` : `A value of type ${typeof duration}`;
}
