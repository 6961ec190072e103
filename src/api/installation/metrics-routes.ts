import type { MetricsService } from "../contract/services.ts";
import { defineRoute, type Route } from "../http/route.ts";

export function metricsRoutes(service: MetricsService): readonly Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/metrics",
      access: "metrics:read",
      bypassesOverload: true,
      operationId: "getMetrics",
      tag: "Health",
      summary: "What this process measures of itself",
      description:
        "In the text format of Prometheus. Each process has its own: scrape every one of an installation.",
      answers: [{ status: 200, description: "The metrics", mediaType: service.contentType }],
      errors: [],
      handle: async (_input, context) =>
        context.body(await service.read(), 200, { "content-type": service.contentType }),
    }),
  ];
}
