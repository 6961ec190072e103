import { Temporal } from "temporal-polyfill";

/**
 * Local times of a time zone, and the instants that they denote.
 *
 * A local time is represented as the instant that has the same reading in UTC, in milliseconds since the Unix epoch.
 */

/** How a local time is related to the instant that stands for it. */
export interface LocalInstant {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /**
   * `skipped` if clocks were set forward over this local time: `at` is then the moment of the change. `repeated` if clocks
   * were set back, and the local time exists twice: `at` is the first one.
   */
  readonly change?: "skipped" | "repeated";
}

export function isTimeZone(name: string): boolean {
  try {
    // Fixed offsets are time zones for Temporal, but have no name and no rules.
    return (
      /^[A-Za-z]/.test(name) && Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name) !== null
    );
  } catch {
    return false;
  }
}

/** The local time at an instant. */
export function localTimeAt(at: number, timeZone: string): number {
  return at + offsetMs(Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone));
}

/** The instant of a local time. Later local times never have earlier instants. */
export function instantOf(local: number, timeZone: string): LocalInstant {
  const plain = Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO("UTC").toPlainDateTime();
  const first = plain.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  if (!first.toPlainDateTime().equals(plain)) {
    const change = first.getTimeZoneTransition("next");
    return { at: change?.epochMilliseconds ?? first.epochMilliseconds, change: "skipped" };
  }
  const second = plain.toZonedDateTime(timeZone, { disambiguation: "later" });
  const at = first.epochMilliseconds;
  return second.epochMilliseconds === at ? { at } : { at, change: "repeated" };
}

/**
 * The first local time that was not there before the instant. Usually it is just after the local time of the instant; in
 * the second pass of a repeated hour it is the end of that hour.
 */
export function firstNewLocalTime(at: number, timeZone: string): number {
  const local = localTimeAt(at, timeZone);
  if (instantOf(local, timeZone).at >= at) return local;
  const change = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .getTimeZoneTransition("previous");
  if (change === null) return local;
  const before = Temporal.Instant.fromEpochMilliseconds(change.epochMilliseconds - 1).toZonedDateTimeISO(
    timeZone,
  );
  return change.epochMilliseconds + offsetMs(before) - 1;
}

function offsetMs({ offsetNanoseconds }: Temporal.ZonedDateTime): number {
  return offsetNanoseconds / 1_000_000;
}
