import type { z } from "zod";
import type { ApiContext } from "../contract/context.ts";
import type { Page } from "../contract/services.ts";
import { pageOf } from "./common-schema.ts";
import type { Answer } from "./route.ts";

/** A page of a list as a route promises it. */
export function pageAnswer(description: string, item: z.ZodType): Answer {
  return {
    status: 200,
    description,
    schema: pageOf(item),
    headers: { link: 'The address of the next page, as `rel="next"` (RFC 8288); absent on the last' },
  };
}

/** Answers with a page: the cursor of the next one is in the body, and its whole address in `Link`. */
export function pageResponse<T>(context: ApiContext, page: Page<T>, body: (item: T) => object): Response {
  if (page.cursor !== undefined) {
    const { pathname, searchParams } = new URL(context.req.url);
    searchParams.set("cursor", page.cursor);
    // Relative to the request, since a proxy may have changed the origin.
    context.header("link", `<${pathname}?${searchParams.toString()}>; rel="next"`);
  }
  return context.json(pageBody(page, body));
}

/**
 * What the services know, as the API tells it: times as ISO 8601, and each member by its name, so that
 * nothing is told only because it was there.
 */

function pageBody<T, Body>(page: Page<T>, body: (item: T) => Body): { items: Body[]; cursor?: string } {
  const items = page.items.map(body);
  return page.cursor === undefined ? { items } : { items, cursor: page.cursor };
}
