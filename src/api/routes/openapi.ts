import { z } from "zod";
import { entityTagOf, isKnown } from "../entity-tag.ts";
import { openApiDocument } from "../openapi.ts";
import { defineRoute, type Route } from "../route.ts";

/** Describes `routes` and itself. */
export function openApiRoutes(routes: readonly Route[], version: string): readonly Route[] {
  const route: Route = defineRoute({
    method: "get",
    path: "/openapi.json",
    access: "public",
    isNeverRefused: true,
    operationId: "getOpenApiDocument",
    tag: "About",
    summary: "This document",
    answers: [
      {
        status: 200,
        description: "An OpenAPI 3.1 document",
        schema: z.looseObject({ openapi: z.string() }),
        headers: { etag: "Names this document" },
      },
      { status: 304, description: "It is still what `If-None-Match` names" },
    ],
    errors: [],
    handle: (_input, context) => {
      document ??= taggedText(openApiDocument([...routes, route], version));
      const headers = { etag: document.tag, "cache-control": "no-cache" };
      if (isKnown(context, document.tag)) return context.body(null, 304, headers);
      return context.body(document.text, 200, { ...headers, "content-type": "application/json" });
    },
  });
  let document: ReturnType<typeof taggedText> | undefined;
  return [route];
}

function taggedText(document: object): { readonly text: string; readonly tag: string } {
  const text = JSON.stringify(document);
  return { text, tag: entityTagOf(text) };
}
