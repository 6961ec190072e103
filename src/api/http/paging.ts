import type { z } from "zod";
import type { ApiContext } from "../contract/context.ts";
import type { Page } from "../contract/services.ts";
import { pageOf } from "./common-schema.ts";
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

/** Returns one page. The cursor of the next page is in the body, and its URL in `Link`. */
export function pageResponse<T>(context: ApiContext, page: Page<T>, body: (item: T) => object): Response {
  if (page.cursor !== undefined) {
    const { pathname, searchParams } = new URL(context.req.url);
    searchParams.set("cursor", page.cursor);
    // The URL is relative to the request, because a proxy may have changed the origin.
    context.header("link", `<${pathname}?${searchParams.toString()}>; rel="next"`);
  }
  return context.json(pageBody(page, body));
}

/**
 * Conversions from services to responses. Times become ISO 8601, and each member is named explicitly, so that a new
 * member of a service is not published by accident.
 */

function pageBody<T, Body>(page: Page<T>, body: (item: T) => Body): { items: Body[]; cursor?: string } {
  const items = page.items.map(body);
  return page.cursor === undefined ? { items } : { items, cursor: page.cursor };
}
