/** Asks for what follows `after` in the order of a list; from its beginning where there is none. */
export interface KeysetRequest<Key> {
  readonly after?: Key | undefined;
  readonly limit: number;
}

/** One page of a list. `next` is what the following page comes `after`, absent on the last page. */
export interface KeysetPage<Item, Key> {
  readonly items: readonly Item[];
  readonly next?: Key;
}

/** Makes a page of rows that were read with `limit + 1`: the one too many tells that there is more. */
export function keysetPage<Row, Item, Key>(
  rows: readonly Row[],
  { limit, toItem, keyOf }: { limit: number; toItem: (row: Row) => Item; keyOf: (row: Row) => Key },
): KeysetPage<Item, Key> {
  const shown = rows.slice(0, limit);
  const items = shown.map(toItem);
  const last = shown.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: keyOf(last) } : { items };
}
