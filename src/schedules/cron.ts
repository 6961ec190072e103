import { Cron } from "croner";

/** A cron pattern over local times (`local-time.ts`). */
export interface CronPattern {
  /** The first matching local time after this one. */
  next(local: number): number | undefined;
}

/**
 * Compiles a pattern of 5 fields, or of 6 with seconds first, or a nickname such as `@daily`.
 *
 * @throws {Error} if the pattern is malformed, or matches no date
 */
export function compileCron(pattern: string): CronPattern {
  // Without this check the library accepts an ISO 8601 time as a pattern.
  if (!/^\s*(?:@[a-z]+|\S+(?:\s+\S+){4,5})\s*$/i.test(pattern)) {
    throw new Error("a pattern has 5 fields, or 6 with seconds first, or is a nickname such as @daily");
  }
  // Patterns are evaluated in UTC, because the rule for clock changes is Duranium's own.
  const cron = new Cron(pattern, { utcOffset: 0, mode: "5-or-6-parts" });
  if (cron.nextRun(new Date(0)) === null) throw new Error("the pattern matches no date");
  return { next: (local) => cron.nextRun(new Date(local))?.getTime() };
}
