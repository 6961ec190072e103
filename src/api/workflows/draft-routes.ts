import type { z } from "zod";
import type { DraftFacts, ExpectedDraft } from "../../domain/draft.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { workflowsOf } from "../access/permissions.ts";
import { type ApiContext } from "../contract/context.ts";
import { workflowIdParameter } from "../contract/fields.ts";
import type { DraftService } from "../contract/services.ts";
import { toWire } from "../contract/wire.ts";
import { json, noContent } from "../http/answer.ts";
import { isKnown } from "../http/entity-tag.ts";
import { page, pageRequest } from "../http/paging.ts";
import { problemResponse } from "../http/problem.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { filesBody } from "./deploy-schema.ts";
import { draft, draftConditions, draftFacts, draftsQuery } from "./draft-schema.ts";
import { workflowParameters } from "./workflow-schema.ts";

const tag = "Drafts";
const path = "/workflows/:workflowId/draft";
const headers = { etag: "Identifies this revision of the draft, for `If-Match`" };

export function draftRoutes(drafts: DraftService): readonly Route[] {
  return [list(drafts), get(drafts), save(drafts), remove(drafts)];
}

function list(drafts: DraftService): Route {
  return defineRoute({
    method: "get",
    path: "/drafts",
    access: "workflows:read",
    operationId: "listDrafts",
    tag,
    summary: "List drafts",
    description: "Includes drafts of workflows that have not been deployed.",
    filtersByWorkflow: true,
    query: draftsQuery,
    answer: page(draftFacts, "A page of drafts, without their files"),
    errors: ["invalid-workflow-id", "invalid-cursor"],
    handle: ({ query }, context) => {
      const request = pageRequest(query, workflowIdParameter);
      return drafts.list(request, workflowsOf(context, query.workflow));
    },
  });
}

function get(drafts: DraftService): Route {
  return defineRoute({
    method: "get",
    path,
    access: "workflows:read",
    operationId: "getDraft",
    tag,
    summary: "Get the draft of a workflow",
    params: workflowParameters,
    answer: json(draft, "The draft", { headers }),
    otherAnswers: [{ status: 304, description: "The draft matches `If-None-Match`" }],
    errors: ["invalid-workflow-id", "draft-not-found"],
    handle: async ({ params }, context) => {
      const found = await drafts.get(params.workflowId);
      const tag = tagOf(found);
      context.header("etag", tag);
      return isKnown(context, tag) ? context.body(null, 304) : { ...found, ...found.source };
    },
  });
}

function save(drafts: DraftService): Route {
  return defineRoute({
    method: "put",
    path,
    access: "workflows:deploy",
    operationId: "saveDraft",
    tag,
    summary: "Save the draft of a workflow",
    description:
      "Replaces only the draft that the client has seen: send its `ETag` in `If-Match`, or `If-None-Match: *` if no " +
      "draft should exist yet. The workflow need not have been deployed.",
    params: workflowParameters,
    headers: draftConditions,
    body: filesBody,
    answer: json(draftFacts, "The draft was saved", { headers }),
    errors: ["invalid-workflow-id", "draft-conflict", "precondition-required"],
    handle: async ({ params: { workflowId }, headers, body: source }, context) => {
      const draft = { workflowId, source, updatedBy: context.get("apiKey").name, updatedAt: Date.now() };
      const result = await drafts.save(draft, expectedBy(headers));
      if (result.conflict !== undefined) return refuse(context, workflowId, result.conflict);
      context.header("etag", tagOf(result.saved));
      return result.saved;
    },
  });
}

function remove(drafts: DraftService): Route {
  return defineRoute({
    method: "delete",
    path,
    access: "workflows:deploy",
    operationId: "discardDraft",
    isAudited: true,
    tag,
    summary: "Discard the draft of a workflow",
    params: workflowParameters,
    answer: noContent("The draft was deleted"),
    errors: ["invalid-workflow-id", "draft-not-found"],
    handle: async ({ params }) => await drafts.remove(params.workflowId),
  });
}

function tagOf({ revision }: DraftFacts): string {
  return `"${revision}"`;
}

/** @throws {DuraniumError} `precondition-required` */
function expectedBy(headers: z.output<typeof draftConditions>): ExpectedDraft {
  if (headers["if-match"] !== undefined) return headers["if-match"];
  if (headers["if-none-match"] !== undefined) return "none";
  throw new DuraniumError(
    "precondition-required",
    "Cannot save the draft without a precondition: send the ETag of the draft that it replaces in If-Match, or " +
      "If-None-Match: * if there was no draft",
  );
}

function refuse(context: ApiContext, workflowId: WorkflowId, instead: DraftFacts | "gone"): Response {
  const because =
    instead === "gone"
      ? "it was deleted. Create it again with If-None-Match: *"
      : `"${instead.updatedBy}" has saved a newer one`;
  const error = new DuraniumError(
    "draft-conflict",
    `Cannot save the draft of workflow "${workflowId}": ${because}`,
  );
  return problemResponse(error, {
    instance: encodeURI(context.req.path),
    ...(instead === "gone"
      ? {}
      : { instead: toWire(draftFacts, instead), headers: { etag: tagOf(instead) } }),
  });
}
