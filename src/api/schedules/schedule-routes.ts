import { z } from "zod";
import { DuraniumError } from "../../domain/errors.ts";
import { assertWorkflowAccess } from "../../domain/permissions.ts";
import { workflowsOf } from "../access/permissions.ts";
import type { ApiContext } from "../contract/context.ts";
import { pageParameters, workflowIdParameter } from "../contract/fields.ts";
import {
  backfillResult,
  schedule,
  schedulePreview,
  scheduleSpec,
  setScheduleRequest,
} from "../contract/schedule.ts";
import type { ScheduleService } from "../contract/services.ts";
import { json, noContent } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { page, pageRequest } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { backfillRequest, noteRequest, scheduleParameters } from "./schedule-schema.ts";

const tag = "Schedules";

export function scheduleRoutes(schedules: ScheduleService): readonly Route[] {
  return [
    list(schedules),
    preview(schedules),
    get(schedules),
    set(schedules),
    remove(schedules),
    pause(schedules),
    resume(schedules),
    trigger(schedules),
    backfill(schedules),
  ];
}

function list(schedules: ScheduleService): Route {
  return defineRoute({
    method: "get",
    path: "/schedules",
    access: "executions:read",
    filtersByWorkflow: true,
    operationId: "listSchedules",
    tag,
    summary: "List schedules",
    query: z.strictObject({
      workflow: workflowIdParameter.exactOptional().meta({ description: "Only schedules of this workflow" }),
      ...pageParameters,
    }),
    answer: page(schedule, "A page of schedules, by ID"),
    errors: ["invalid-cursor"],
    handle: async ({ query }, context) =>
      await schedules.list(pageRequest(query, z.string()), workflowsOf(context, query.workflow)),
  });
}

function preview(schedules: ScheduleService): Route {
  return defineRoute({
    method: "post",
    path: "/schedules/preview",
    access: "executions:read",
    filtersByWorkflow: true,
    operationId: "previewSchedule",
    tag,
    summary: "Show the next ten runs of a specification",
    body: jsonBody(z.strictObject({ spec: scheduleSpec })),
    answer: json(schedulePreview, "The next runs"),
    errors: [],
    handle: async ({ body }) => await schedules.preview(body.spec),
  });
}

function get(schedules: ScheduleService): Route {
  return defineRoute({
    method: "get",
    path: "/schedules/:scheduleId",
    access: "executions:read",
    filtersByWorkflow: true,
    operationId: "getSchedule",
    tag,
    summary: "Get a schedule",
    params: scheduleParameters,
    answer: json(schedule, "The schedule"),
    errors: ["schedule-not-found"],
    handle: async ({ params }, context) => {
      const found = await schedules.get(params.scheduleId);
      assertWorkflowAccess(context.get("apiKey"), found.workflowId);
      return found;
    },
  });
}

function set(schedules: ScheduleService): Route {
  return defineRoute({
    method: "put",
    path: "/schedules/:scheduleId",
    access: "schedules:manage",
    filtersByWorkflow: true,
    operationId: "setSchedule",
    isAudited: true,
    tag,
    summary: "Create or replace a schedule",
    description:
      "The former definition applies to instants up to now, and the new one to later instants, so that a change neither loses nor " +
      "repeats an instant. A paused schedule stays paused. The definition has at most 64 KiB, its payload included.",
    params: scheduleParameters,
    body: jsonBody(setScheduleRequest, { what: "the definition of the schedule, its payload included" }),
    answer: json(schedule, "The schedule"),
    errors: ["workflow-not-found", "version-not-found", "schedule-managed", "restate-unavailable"],
    handle: async ({ params: { scheduleId }, body }, context) => {
      assertWorkflowAccess(context.get("apiKey"), body.workflowId);
      const workflowId = await schedules.workflowOf(scheduleId);
      if (workflowId !== undefined) assertWorkflowAccess(context.get("apiKey"), workflowId);
      const { version, ...rest } = body;
      const pinned = version === undefined || version === "current" ? {} : { version };
      return await schedules.set(scheduleId, { ...rest, ...pinned });
    },
  });
}

function remove(schedules: ScheduleService): Route {
  return defineRoute({
    method: "delete",
    path: "/schedules/:scheduleId",
    access: "schedules:manage",
    filtersByWorkflow: true,
    operationId: "deleteSchedule",
    isAudited: true,
    tag,
    summary: "Delete a schedule",
    description: "Executions that it started continue.",
    params: scheduleParameters,
    answer: noContent("The schedule was deleted"),
    errors: ["schedule-not-found", "schedule-managed", "restate-unavailable"],
    handle: async ({ params }, context) => {
      await assertAccess(schedules, params.scheduleId, context);
      await schedules.remove(params.scheduleId);
    },
  });
}

function pause(schedules: ScheduleService): Route {
  return defineRoute({
    ...operation("pause"),
    operationId: "pauseSchedule",
    summary: "Pause a schedule",
    description: "Instants that pass while it is paused are not run later.",
    body: jsonBody(noteRequest),
    answer: json(schedule, "The schedule is paused"),
    handle: async ({ params: { scheduleId }, body }, context) => {
      await assertAccess(schedules, scheduleId, context);
      return await schedules.pause(scheduleId, { by: context.get("apiKey").name, ...body });
    },
  });
}

function resume(schedules: ScheduleService): Route {
  return defineRoute({
    ...operation("resume"),
    operationId: "resumeSchedule",
    summary: "Resume a paused schedule",
    body: jsonBody(noteRequest),
    answer: json(schedule, "The schedule is active"),
    handle: async ({ params: { scheduleId }, body }, context) => {
      await assertAccess(schedules, scheduleId, context);
      return await schedules.resume(scheduleId, { by: context.get("apiKey").name, ...body });
    },
  });
}

function trigger(schedules: ScheduleService): Route {
  return defineRoute({
    ...operation("trigger"),
    createsWork: true,
    operationId: "triggerSchedule",
    summary: "Run a schedule now",
    description: "The run starts whatever else is in progress, also if the schedule is paused.",
    answer: json(z.strictObject({ executionId: schedule.shape.info.shape.running.element }), "The execution"),
    handle: async ({ params: { scheduleId } }, context) => {
      await assertAccess(schedules, scheduleId, context);
      return await schedules.trigger(scheduleId);
    },
  });
}

function backfill(schedules: ScheduleService): Route {
  return defineRoute({
    ...operation("backfill"),
    createsWork: true,
    operationId: "backfillSchedule",
    summary: "Run the instants of a past period",
    description: "Instants that ran already are not run again. Up to 1,000 instants.",
    body: jsonBody(backfillRequest),
    answer: json(backfillResult, "The outcome of the instants"),
    handle: async ({ params: { scheduleId }, body }, context) => {
      await assertAccess(schedules, scheduleId, context);
      if (body.end < body.start) throw new DuraniumError("invalid-request", "`end` is before `start`");
      return await schedules.backfill(scheduleId, body);
    },
  });
}

function operation<Name extends string>(name: Name) {
  return {
    method: "post",
    path: `/schedules/:scheduleId/${name}`,
    access: "schedules:manage",
    filtersByWorkflow: true,
    isAudited: true,
    tag,
    params: scheduleParameters,
    errors: ["schedule-not-found", "restate-unavailable"],
  } as const;
}

/** A key that is bound to workflows may change the schedules of these. */
async function assertAccess(schedules: ScheduleService, id: string, context: ApiContext): Promise<void> {
  const workflowId = await schedules.workflowOf(id);
  if (workflowId === undefined) throw new DuraniumError("schedule-not-found", `Schedule "${id}" not found`);
  assertWorkflowAccess(context.get("apiKey"), workflowId);
}
