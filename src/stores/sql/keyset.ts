/** Requests the items that follow `after` in the order of a list, or its first items without it. */
export interface KeysetRequest<Key> {
  readonly after?: Key | undefined;
  readonly limit: number;
}

/** One page of a list. `next` is the `after` of the following page, absent on the last page. */
export interface KeysetPage<Item, Key> {
  readonly items: readonly Item[];
  readonly next?: Key;
}

/** Makes a page of rows that were read with `limit + 1`: an extra row means that another page follows. */
export function keysetPage<Row, Item, Key>(
  rows: readonly Row[],
  { limit, toItem, keyOf }: { limit: number; toItem: (row: Row) => Item; keyOf: (row: Row) => Key },
): KeysetPage<Item, Key> {
  const shown = rows.slice(0, limit);
  const items = shown.map(toItem);
  const last = shown.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: keyOf(last) } : { items };
}
