/** Restate's SQL introspection, as the read model needs it; `restate/client` implements it. */
export interface RestateSql {
  /** Callers build `sql` of checked parts only. */
  query(sql: string): Promise<readonly Row[]>;
}

/** A row by column. Columns that are null may be left out. */
export type Row = Readonly<Record<string, string | number | null | undefined>>;

/** The inside of `IN (…)`. Callers pass parsed ids, whose forms have no quotes. */
export function idList(ids: Iterable<string>): string {
  return Array.from(ids, (id) => `'${id}'`).join(", ");
}
