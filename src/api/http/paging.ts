import type { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import type { Page, PageRequest } from "../../base/page.ts";
import type { ApiContext } from "../contract/context.ts";
import { pageOf } from "../contract/fields.ts";
import { toWire, type View } from "../contract/wire.ts";
import type { AnswerOf } from "./answer.ts";
import { type CursorShape, decodeCursor, encodeCursor } from "./cursor.ts";

/**
 * Answers one page of a list. The cursor of the next page is in the body, and its URL in `Link`. A cursor is a position of
 * the list, which `pageRequest` reads again.
 */
export function page<Item extends z.ZodType>(
  item: Item,
  description: string,
  options: { readonly otherMediaTypes?: readonly string[] } = {},
): AnswerOf<Page<View<Item>, JsonValue>> {
  return {
    status: 200,
    description,
    schema: pageOf(item),
    headers: { link: 'The address of the next page, as `rel="next"` (RFC 8288); absent on the last' },
    ...options,
    respond({ items, next }, context) {
      const encoded = items.map((each) => toWire(item, each));
      if (next === undefined) return context.json({ items: encoded as object[] });
      const cursor = encodeCursor(next);
      context.header("link", `<${nextUrl(context, cursor)}>; rel="next"`);
      return context.json({ items: encoded as object[], cursor });
    },
  };
}

/** The URL is relative to the request, because a proxy may have changed the origin. */
function nextUrl({ req }: ApiContext, cursor: string): string {
  const { pathname, searchParams } = new URL(req.url);
  searchParams.set("cursor", cursor);
  return `${pathname}?${searchParams.toString()}`;
}

/**
 * The requested page, with the position that its cursor stands for.
 *
 * @throws {DuraniumError} `invalid-cursor`
 */
export function pageRequest<Position>(
  { cursor, limit }: { readonly cursor?: string; readonly limit: number },
  position: CursorShape<Position>,
): PageRequest<Position> {
  return cursor === undefined ? { limit } : { limit, after: decodeCursor(cursor, position) };
}
