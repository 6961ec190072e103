import { isDeepStrictEqual } from "node:util";
import type { Page, PageRequest } from "../../base/page.ts";

/** 09:30 UTC on 31 January 2026. */
export const testTime = Date.UTC(2026, 0, 31, 9, 30);

/** The items after the one at the position, in the order of `items`. */
export function pageOf<Item, Position>(
  items: readonly Item[],
  { after, limit }: PageRequest<Position>,
  positionIn: (item: Item) => Position,
): Page<Item, Position> {
  const start = items.findIndex((item) => isDeepStrictEqual(positionIn(item), after)) + 1;
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  const isLast = last === undefined || start + limit >= items.length;
  return isLast ? { items: page } : { items: page, next: positionIn(last) };
}
