import type { Page } from "../../base/page.ts";

/** Makes a page of rows that were read with `limit + 1`: an extra row means that another page follows. */
export function keysetPage<Row, Item, Key>(
  rows: readonly Row[],
  { limit, toItem, keyOf }: { limit: number; toItem: (row: Row) => Item; keyOf: (row: Row) => Key },
): Page<Item, Key> {
  const shown = rows.slice(0, limit);
  const items = shown.map(toItem);
  const last = shown.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: keyOf(last) } : { items };
}
