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
      summary: "Get the metrics of this process",
      description:
        "In the text format of Prometheus. Scrape each process of an installation, because each has its own metrics.",
      otherAnswers: [{ status: 200, description: "The metrics", mediaType: service.contentType }],
      errors: [],
      handle: async (_input, context) =>
        context.body(await service.read(), 200, { "content-type": service.contentType }),
    }),
  ];
}
