import { z } from "zod";
import { jsonValue } from "../contract/fields.ts";
import { maxEventBytes } from "../contract/limits.ts";
import type { ExecutionService } from "../contract/services.ts";
import { json } from "../http/answer.ts";
import { jsonValueBody, deferBody } from "../http/body.ts";
import { defineRoute, type Route } from "../http/route.ts";

/** Routes for other systems. The token in the path authenticates the request, and works only once. */
export function callbackRoutes(executions: Pick<ExecutionService, "openCallback">): readonly Route[] {
  return [
    defineRoute({
      method: "post",
      path: "/callbacks/:token",
      access: "public",
      operationId: "resolveCallback",
      tag: "Callbacks",
      summary: "Complete a callback",
      description:
        "The URL was created by a workflow with `ctx.createCallback()`. It needs no API key and works once: the " +
        "workflow receives the payload and continues.",
      params: z.strictObject({ token: z.string().max(400) }),
      body: deferBody(
        jsonValueBody(
          { schema: jsonValue.meta({ description: "The payload: any JSON. An empty body is `null`" }) },
          maxEventBytes,
        ),
      ),
      answer: json(accepted, "The execution has received the payload", { status: 202 }),
      errors: [
        "callback-not-found",
        "callback-already-used",
        "execution-not-found",
        "execution-ended",
        "too-many-events",
        "restate-unavailable",
      ],
      handle: async ({ params, body }) => {
        const resolve = await executions.openCallback(params.token);
        await resolve(await body());
        return { status: "accepted" } as const;
      },
    }),
  ];
}

const accepted = z.strictObject({ status: z.literal("accepted") }).meta({ id: "AcceptedCallback" });
