import type { ExecutorsService } from "../contract/services.ts";
import { json } from "../http/answer.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { executors } from "./executor-schema.ts";

export function executorRoutes(service: ExecutorsService): readonly Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/executors",
      access: "metrics:read",
      bypassesOverload: true,
      operationId: "listExecutors",
      tag: "Health",
      summary: "List executors, with what each does",
      description:
        "Executors report every five seconds. With SQLite, only those that this process runs or has started are known.",
      answer: json(executors, "The executors that have reported within 15 seconds"),
      errors: [],
      handle: () => ({ items: service.list().map((each) => ({ ...each })) }),
    }),
  ];
}
