import { z } from "zod";
import { workflowsOf } from "../access/permissions.ts";
import { alert, alertIncidentList, alertRule, alertRuleList, createdAlert } from "../contract/alert.ts";
import type { AlertService } from "../contract/alert.ts";
import { toWire } from "../contract/wire.ts";
import { json, noContent } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { page, pageRequest } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { alertResource, askedRule, ruleResource, seesUrls } from "./alert-resource.ts";
import {
  alertIncidentsQuery,
  alertParameters,
  alertRuleParameters,
  alertRuleRequest,
  alertRulesQuery,
  alertsQuery,
} from "./alert-schema.ts";

const tag = "Alerts";

export function alertRoutes(alerts: AlertService): readonly Route[] {
  return [
    listRules(alerts),
    getRule(alerts),
    putRule(alerts),
    removeRule(alerts),
    testRule(alerts),
    listAlerts(alerts),
    listIncidents(alerts),
    retryAlert(alerts),
  ];
}

function listRules(alerts: AlertService): Route {
  return defineRoute({
    method: "get",
    path: "/alerts/rules",
    access: "executions:read",
    filtersByWorkflow: true,
    operationId: "listAlertRules",
    tag,
    summary: "List the rules of alerts",
    description: "Keys that are bound to workflows see the rules about these workflows.",
    query: alertRulesQuery,
    answer: json(alertRuleList, "The rules, by ID"),
    errors: ["invalid-workflow-id"],
    handle: async ({ query }, context) => {
      const rules = await alerts.rules(workflowsOf(context, query.workflow));
      const showsUrls = seesUrls(context.get("apiKey"));
      return { items: rules.map((rule) => ruleResource(rule, { showsUrls })) };
    },
  });
}

function getRule(alerts: AlertService): Route {
  return defineRoute({
    method: "get",
    path: "/alerts/rules/:ruleId",
    access: "executions:read",
    filtersByWorkflow: true,
    operationId: "getAlertRule",
    tag,
    summary: "Get a rule of alerts",
    params: alertRuleParameters,
    answer: json(alertRule, "The rule"),
    errors: ["alert-rule-not-found"],
    handle: async ({ params }, context) => {
      const apiKey = context.get("apiKey");
      return ruleResource(await alerts.rule(params.ruleId, apiKey), { showsUrls: seesUrls(apiKey) });
    },
  });
}

function putRule(alerts: AlertService): Route {
  return defineRoute({
    method: "put",
    path: "/alerts/rules/:ruleId",
    access: "alerts:manage",
    filtersByWorkflow: true,
    operationId: "putAlertRule",
    isAudited: true,
    tag,
    summary: "Add or replace a rule of alerts",
    description:
      "A rule alerts once when a workflow meets its condition, and once when it no longer does, however many executions " +
      "there are. Workflows that meet it together share an alert. A new condition closes the open incidents of the rule. " +
      "The response to a webhook without `secret` has the generated one, once. A channel `workflow` needs the scope " +
      "`executions:run` as well.",
    params: alertRuleParameters,
    body: jsonBody(alertRuleRequest),
    answer: json(alertRule, "The rule was replaced"),
    otherAnswers: [{ status: 201, description: "The rule was added", schema: alertRule }],
    errors: ["invalid-workflow-id", "invalid-entry-point", "workflow-not-found"],
    handle: async ({ params, body }, context) => {
      const asked = askedRule(params.ruleId, body);
      const { rule, isNew, secrets } = await alerts.putRule(asked, context.get("apiKey"));
      const resource = ruleResource(rule, { showsUrls: true, secrets });
      return isNew ? context.json(toWire(alertRule, resource), 201) : resource;
    },
  });
}

function removeRule(alerts: AlertService): Route {
  return defineRoute({
    method: "delete",
    path: "/alerts/rules/:ruleId",
    access: "alerts:manage",
    filtersByWorkflow: true,
    operationId: "deleteAlertRule",
    isAudited: true,
    tag,
    summary: "Delete a rule of alerts",
    description: "Its pending deliveries fail. Sent alerts stay listed.",
    params: alertRuleParameters,
    answer: noContent("The rule was deleted"),
    errors: ["alert-rule-not-found"],
    handle: async ({ params }, context) => await alerts.removeRule(params.ruleId, context.get("apiKey")),
  });
}

function testRule(alerts: AlertService): Route {
  return defineRoute({
    method: "post",
    path: "/alerts/rules/:ruleId/test",
    access: "alerts:manage",
    filtersByWorkflow: true,
    operationId: "testAlertRule",
    isAudited: true,
    tag,
    summary: "Send a test alert to the channels of a rule",
    params: alertRuleParameters,
    answer: json(createdAlert, "The alert will be sent", { status: 202 }),
    errors: ["alert-rule-not-found"],
    handle: async ({ params }, context) => await alerts.test(params.ruleId, context.get("apiKey")),
  });
}

function listAlerts(alerts: AlertService): Route {
  return defineRoute({
    method: "get",
    path: "/alerts",
    access: "executions:read",
    filtersByWorkflow: true,
    operationId: "listAlerts",
    tag,
    summary: "List alerts with their deliveries, newest first",
    description: "Keys that are bound to workflows see the alerts of rules about these workflows.",
    query: alertsQuery,
    answer: page(alert, "A page of alerts"),
    errors: ["invalid-workflow-id", "invalid-cursor"],
    handle: async ({ query }, context) => {
      const filter = { ruleId: query.rule, workflowIds: workflowsOf(context, query.workflow) };
      const { items, ...rest } = await alerts.alerts(filter, pageRequest(query, z.int()));
      const showsUrls = seesUrls(context.get("apiKey"));
      return { ...rest, items: items.map((each) => alertResource(each, { showsUrls })) };
    },
  });
}

function listIncidents(alerts: AlertService): Route {
  return defineRoute({
    method: "get",
    path: "/alerts/incidents",
    access: "executions:read",
    filtersByWorkflow: true,
    operationId: "listAlertIncidents",
    tag,
    summary: "List incidents, the one that opened last first",
    description: "An incident is a time during which a workflow meets the condition of a rule.",
    query: alertIncidentsQuery,
    answer: json(alertIncidentList, "The incidents"),
    errors: ["invalid-workflow-id"],
    handle: async ({ query }, context) => {
      const items = await alerts.incidents({
        workflowIds: workflowsOf(context, query.workflow),
        isOpen: query.open === undefined ? undefined : query.open === "true",
        limit: query.limit,
      });
      return { items };
    },
  });
}

function retryAlert(alerts: AlertService): Route {
  return defineRoute({
    method: "post",
    path: "/alerts/:alertId/retry",
    access: "alerts:manage",
    filtersByWorkflow: true,
    operationId: "retryAlert",
    isAudited: true,
    tag,
    summary: "Attempt the failed deliveries of an alert again",
    params: alertParameters,
    answer: json(createdAlert, "The deliveries will be attempted", { status: 202 }),
    errors: ["alert-not-found"],
    handle: async ({ params }, context) => {
      await alerts.retry(params.alertId, context.get("apiKey"));
      return { alertId: params.alertId };
    },
  });
}
