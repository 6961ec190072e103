import { brotliCompressSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { preferredEncoding } from "../http/accept.ts";
import { entityTagOf, isKnown } from "../http/entity-tag.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { openApiDocument } from "./openapi.ts";

/** Serves the OpenAPI document of `routes` and of this route. */
export function openApiRoutes(routes: readonly Route[], version: string): readonly Route[] {
  const route: Route = defineRoute({
    method: "get",
    path: "/openapi.json",
    access: "public",
    bypassesOverload: true,
    operationId: "getOpenApiDocument",
    tag: "About",
    summary: "Get this document",
    otherAnswers: [
      {
        status: 200,
        description: "An OpenAPI 3.1 document",
        schema: z.looseObject({ openapi: z.string() }),
        headers: { etag: "Identifies this document" },
      },
      { status: 304, description: "The document matches `If-None-Match`" },
    ],
    errors: [],
    handle: (_input, context) => {
      forms ??= formsOf(openApiDocument([...routes, route], version));
      const encoding = preferredEncoding(context.req.header("accept-encoding"), ["gzip", "br"]);
      const { bytes, tag } = forms[encoding ?? "identity"];
      const headers = { etag: tag, "cache-control": "no-cache", vary: "accept-encoding" };
      if (isKnown(context, tag)) return context.body(null, 304, headers);
      return context.body(bytes, 200, {
        ...headers,
        "content-type": "application/json",
        ...(encoding === undefined ? {} : { "content-encoding": encoding }),
      });
    },
  });
  let forms: ReturnType<typeof formsOf> | undefined;
  return [route];
}

/** The document in each encoding, computed once because it only changes with a release. */
function formsOf(document: object) {
  const text = JSON.stringify(document);
  return {
    identity: { bytes: new TextEncoder().encode(text), tag: entityTagOf(text) },
    gzip: { bytes: Uint8Array.from(gzipSync(text)), tag: entityTagOf(`${text} gzip`) },
    br: { bytes: Uint8Array.from(brotliCompressSync(text)), tag: entityTagOf(`${text} br`) },
  };
}
