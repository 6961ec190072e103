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
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const cron = compile(pattern);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(pattern, cron);
  return cron;
}

/** Compiling takes as long as finding twenty instants, and a schedule is evaluated many times. */
const compiled = new Map<string, CronPattern>();
const maxCompiled = 5_000;

function compile(pattern: string): CronPattern {
  // Without this check the library accepts an ISO 8601 time as a pattern.
  if (!/^\s*(?:@[a-z]+|\S+(?:\s+\S+){4,5})\s*$/i.test(pattern)) {
    throw new Error("a pattern has 5 fields, or 6 with seconds first, or is a nickname such as @daily");
  }
  // Patterns are evaluated in UTC, because the rule for clock changes is Duranium's own.
  const cron = new Cron(pattern, { utcOffset: 0, mode: "5-or-6-parts" });
  if (!hasDate(pattern)) throw new Error("the pattern matches no date");
  return { next: (local) => cron.nextRun(new Date(local))?.getTime() };
}

/**
 * Years that start on each day of the week, with and without a 29 February: a pattern that matches no date in them matches none.
 * The library searches for 400 years otherwise, which takes 0.1 s.
 */
const yearsOfEachKind = "1972-1978,1980-1982,1984,1988,1992,1996";

function hasDate(pattern: string): boolean {
  const fields = pattern.trim().split(/\s+/);
  // Nicknames match every year.
  if (fields.length === 1) return true;
  const dates = [...fields.slice(-3), yearsOfEachKind].join(" ");
  return new Cron(`0 0 0 ${dates}`, { utcOffset: 0, mode: "7-part" }).nextRun(new Date(0)) !== null;
}
