import { assertScope } from "../../domain/permissions.ts";
import type { SettingsService } from "../contract/services.ts";
import { json } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { settings } from "./settings-schema.ts";
import { workflowParameters } from "./workflow-schema.ts";

const tag = "Settings";

export function settingsRoutes(service: SettingsService): readonly Route[] {
  return [get(service), set(service)];
}

function get(service: SettingsService): Route {
  return defineRoute({
    method: "get",
    path: "/workflows/:workflowId/settings",
    access: "workflows:read",
    operationId: "getSettings",
    tag,
    summary: "Get the settings of a workflow",
    params: workflowParameters,
    answer: json(settings, "The settings"),
    errors: ["invalid-workflow-id"],
    handle: async ({ params }) => await service.get(params.workflowId),
  });
}

function set(service: SettingsService): Route {
  return defineRoute({
    method: "put",
    path: "/workflows/:workflowId/settings",
    access: "workflows:deploy",
    operationId: "setSettings",
    isAudited: true,
    tag,
    summary: "Replace the settings of a workflow",
    description:
      "`egress` applies from the next request on, also to running executions. `traceparent` and `limits` apply to " +
      "executions that start afterwards, `limits` also to deploys. `retentionHours` applies to ended executions too; " +
      "changing it can delete executions and needs the scope `executions:manage` as well.",
    params: workflowParameters,
    body: jsonBody(settings),
    answer: json(settings, "The settings were saved"),
    errors: ["invalid-workflow-id"],
    handle: async ({ params, body }, context) => {
      const { retentionHours } = await service.get(params.workflowId);
      if (body.retentionHours !== retentionHours) assertScope(context.get("apiKey"), "executions:manage");
      await service.set(params.workflowId, body);
      return body;
    },
  });
}
