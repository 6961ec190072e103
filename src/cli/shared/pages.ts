interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}

/** Cursor and maximum length of a page. */
export interface PageQuery {
  readonly cursor?: string;
  readonly limit: number;
}

/** The first items of a list, over as many pages as that takes. */
export async function firstItems<Item>(
  count: number,
  read: (query: PageQuery) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(maxPageItems, count - items.length);
    const page: Page<Item> = await read({ limit, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && items.length < count);
  return items;
}

const maxPageItems = 100;
