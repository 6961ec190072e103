import type { ExecutionId } from "../domain/ids.ts";

/** Restate's SQL introspection, as the read model needs it. `restate/client` implements it. */
export interface RestateSql {
  /** Callers must build `sql` from validated parts only: there are no parameters. */
  query(sql: string): Promise<readonly Row[]>;
  /** Whether Restate has an invocation, whatever a query shows. Without it, queries are believed. */
  has?(id: ExecutionId): Promise<boolean>;
}

/** One row, by column name. Restate may omit columns that are null. */
export type Row = Readonly<Record<string, string | number | null | undefined>>;

/** The inside of `IN (…)`. Callers pass parsed ids, whose forms have no quotes. */
export function idList(ids: Iterable<string>): string {
  return Array.from(ids, (id) => `'${id}'`).join(", ");
}
