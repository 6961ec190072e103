import type { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import type { Page, PageRequest } from "../../base/page.ts";
import type { ApiContext } from "../contract/context.ts";
import { pageOf } from "./common-schema.ts";
import { type CursorShape, decodeCursor, encodeCursor } from "./cursor.ts";
import type { Answer } from "./route.ts";

/** Describes the response of a route that returns one page of a list. */
export function pageAnswer(description: string, item: z.ZodType): Answer {
  return {
    status: 200,
    description,
    schema: pageOf(item),
    headers: { link: 'The address of the next page, as `rel="next"` (RFC 8288); absent on the last' },
  };
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

/** Returns one page. The cursor of the next page is in the body, and its URL in `Link`. */
export function pageResponse<Item, Position extends JsonValue>(
  context: ApiContext,
  { items, next }: Page<Item, Position>,
  body: (item: Item) => object,
): Response {
  if (next === undefined) return context.json({ items: items.map(body) });
  const cursor = encodeCursor(next);
  const { pathname, searchParams } = new URL(context.req.url);
  searchParams.set("cursor", cursor);
  // The URL is relative to the request, because a proxy may have changed the origin.
  context.header("link", `<${pathname}?${searchParams.toString()}>; rel="next"`);
  return context.json({ items: items.map(body), cursor });
}
