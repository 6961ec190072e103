import { z } from "zod";
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
      },
    ],
    errors: [],
    handle: (_input, context) => {
      text ??= JSON.stringify(openApiDocument([...routes, route], version));
      return context.body(text, 200, { "content-type": "application/json" });
    },
  });
  let text: string | undefined;
  return [route];
}
