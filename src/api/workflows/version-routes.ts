import { z } from "zod";
import { pageParameters } from "../contract/fields.ts";
import type { WorkflowService } from "../contract/services.ts";
import { deployedVersion, version, versionWithSource } from "../contract/workflow.ts";
import { json } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { page, pageRequest } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { deployBody, deployQuery } from "./deploy-schema.ts";
import { activateRequest, updateVersionRequest, versionParameters } from "./version-schema.ts";
import { workflowParameters } from "./workflow-schema.ts";

const tag = "Versions";

export function versionRoutes(workflows: WorkflowService): readonly Route[] {
  return [
    deploy(workflows),
    activate(workflows),
    list(workflows),
    get(workflows),
    update(workflows),
    getComponent(workflows),
  ];
}

function deploy(workflows: WorkflowService): Route {
  return defineRoute({
    method: "post",
    path: "/workflows/:workflowId/deploy",
    access: "workflows:deploy",
    operationId: "deployWorkflow",
    isAudited: true,
    tag,
    summary: "Deploy a workflow",
    description:
      "Compiles the source, evaluates its top level and makes it the current version, which new executions use. " +
      "Executions that have started keep their version. If the deploy fails, the current version is unchanged.",
    params: workflowParameters,
    query: deployQuery,
    body: deployBody,
    answer: json(deployedVersion, "The new version", {
      status: 201,
      headers: { location: "URL of the version" },
    }),
    errors: [
      "invalid-workflow-id",
      "workflow-name-in-use",
      "replay-check-required",
      "compile-failed",
      "missing-run",
      "evaluation-failed",
      "invalid-declaration",
      "evaluation-timeout",
      "evaluation-out-of-memory",
      "evaluation-out-of-fuel",
      "bundle-too-large",
      "engine-not-installed",
      "invalid-engine",
      "compiler-crashed",
      "restate-unavailable",
      "engine-unavailable",
    ],
    handle: async ({ params, query, body }, context) => {
      const { workflowId } = params;
      const reason = query["skip-replay-check"];
      if (reason !== undefined) context.set("auditNote", `without a replay check: ${reason}`);
      const skipsReplayCheck = reason !== undefined;
      const { name: deployedBy, workflows: only } = context.get("apiKey");
      const isWorkflowBound = only !== undefined;
      const deployed = await workflows.deploy({
        workflowId,
        ...body,
        deployedBy,
        isWorkflowBound,
        skipsReplayCheck,
      });
      context.header("location", `/workflows/${workflowId}/versions/${deployed.version}`);
      return deployed;
    },
  });
}

function activate(workflows: WorkflowService): Route {
  return defineRoute({
    method: "post",
    path: "/workflows/:workflowId/activate",
    access: "workflows:deploy",
    operationId: "activateVersion",
    isAudited: true,
    tag,
    summary: "Roll a workflow back or forward to a version",
    params: workflowParameters,
    body: jsonBody(activateRequest),
    answer: json(version, "The version, now current", { headers: { location: "URL of the version" } }),
    errors: ["invalid-workflow-id", "workflow-not-found", "version-not-found", "restate-unavailable"],
    handle: async ({ params: { workflowId }, body }, context) => {
      const activated = await workflows.activate(workflowId, body.version);
      // The audit log records this URL, because the path of the request does not contain the version.
      context.header("location", `/workflows/${workflowId}/versions/${activated.version}`);
      return activated;
    },
  });
}

function list(workflows: WorkflowService): Route {
  return defineRoute({
    method: "get",
    path: "/workflows/:workflowId/versions",
    access: "workflows:read",
    operationId: "listVersions",
    tag,
    summary: "List the versions of a workflow, newest first",
    params: workflowParameters,
    query: z.strictObject(pageParameters),
    answer: page(version, "A page of versions"),
    errors: ["invalid-workflow-id", "invalid-cursor", "workflow-not-found", "restate-unavailable"],
    handle: async ({ params, query }) =>
      await workflows.versions(params.workflowId, pageRequest(query, z.int())),
  });
}

function get(workflows: WorkflowService): Route {
  return defineRoute({
    method: "get",
    path: "/workflows/:workflowId/versions/:version",
    access: "workflows:read",
    operationId: "getVersion",
    tag,
    summary: "Get a version with its source",
    params: versionParameters,
    answer: json(versionWithSource, "The version"),
    errors: ["invalid-workflow-id", "workflow-not-found", "version-not-found", "restate-unavailable"],
    handle: async ({ params }) => await workflows.version(params.workflowId, params.version),
  });
}

function update(workflows: WorkflowService): Route {
  return defineRoute({
    method: "patch",
    path: "/workflows/:workflowId/versions/:version",
    access: "workflows:deploy",
    operationId: "updateVersion",
    isAudited: true,
    tag,
    summary: "Change the note of a version",
    description: "Everything else about a version is immutable.",
    params: versionParameters,
    body: jsonBody(updateVersionRequest),
    answer: json(version, "The version with its new note"),
    errors: ["invalid-workflow-id", "workflow-not-found", "version-not-found", "restate-unavailable"],
    handle: async ({ params: { workflowId, version: number }, body }) =>
      await workflows.setNote(workflowId, number, body.note),
  });
}

function getComponent(workflows: WorkflowService): Route {
  return defineRoute({
    method: "get",
    path: "/workflows/:workflowId/versions/:version/component.wasm",
    access: "components:build",
    operationId: "getPortableComponent",
    tag,
    summary: "Download a version as a WebAssembly component",
    description:
      "A component of the world in `wit/runtime.wit`, which any host of the component model can run. The first request " +
      "builds it, which takes seconds and is cancelled if the client disconnects. The build evaluates the workflow's top " +
      "level without a fuel limit, which the operator must allow (`DURANIUM_PORTABLE_COMPONENTS=on`).",
    params: versionParameters,
    otherAnswers: [
      {
        status: 200,
        description: "The component",
        mediaType: "application/wasm",
        headers: { "content-disposition": "A file name" },
      },
    ],
    errors: [
      "invalid-workflow-id",
      "workflow-not-found",
      "version-not-found",
      "artifact-corrupt",
      "artifact-missing",
      "evaluation-failed",
      "portable-builds-disabled",
    ],
    handle: async ({ params }, context) => {
      const component = await workflows.portableComponent(
        params.workflowId,
        params.version,
        context.req.raw.signal,
      );
      const fileName = `${params.workflowId}-${params.version}.wasm`;
      return context.body(Uint8Array.from(component), 200, {
        "content-type": "application/wasm",
        "content-disposition": `attachment; filename="${fileName}"`,
      });
    },
  });
}
