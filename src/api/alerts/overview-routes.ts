import { z } from "zod";
import { workflowsOf } from "../access/permissions.ts";
import { overview, overviewWindows } from "../contract/monitoring.ts";
import type { OverviewService } from "../contract/monitoring.ts";
import { json } from "../http/answer.ts";
import { defineRoute, type Route } from "../http/route.ts";

const overviewQuery = z.strictObject({
  window: z
    .enum(overviewWindows)
    .default("PT24H")
    .meta({ description: "The time that the figures are about" }),
});

export function overviewRoutes(service: OverviewService): readonly Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/overview",
      access: "executions:read",
      filtersByWorkflow: true,
      operationId: "getOverview",
      tag: "Overview",
      summary: "Get the figures that show whether everything is all right",
      description:
        "Rates and percentiles are counted when executions end, by minute for a day and by hour for as long as executions are " +
        "retained. Percentiles are exact to 5 per cent. Keys that are bound to workflows get the figures of these workflows.",
      query: overviewQuery,
      answer: json(overview, "The figures"),
      errors: ["restate-unavailable"],
      handle: async ({ query: { window } }, context) => await service.read(window, workflowsOf(context)),
    }),
  ];
}
