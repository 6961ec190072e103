import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import { executionStatuses } from "../../domain/execution.ts";
import { entryPointParameter, executionIdParameter, versionNumber } from "../contract/fields.ts";
import { maxCheckedRecordings, maxDeployBytes } from "../contract/limits.ts";
import type { ReplayCandidate, ReplaySelectionRequest } from "../contract/replay-check.ts";
import { type BodyReader, readText } from "../http/body.ts";
import { invalidBody, parseWith } from "../http/validation.ts";
import { parseJson } from "../json/json.ts";
import { readSource, sourceShapes } from "./deploy-schema.ts";
import { workflowParameters } from "./workflow-schema.ts";

/** Seconds that a request may wait for a report. */
const maxWait = 60;

export const replayCheckParameters = z.strictObject({
  ...workflowParameters.shape,
  checkId: z.string().meta({ description: "The ID of the check" }),
});

export const replayCheckQuery = z.strictObject({
  wait: z
    .string()
    .regex(/^\d{1,4}$/, "use a number of seconds")
    .transform((text) => Math.min(Number(text), maxWait))
    .exactOptional()
    .meta({
      description: `Waits this many seconds for the report, at most ${maxWait}`,
      override: { type: "integer", minimum: 0, maximum: maxWait },
    }),
});

const select = z
  .strictObject({
    last: z.int().min(1).max(maxCheckedRecordings).default(50).meta({
      description: "The number of executions, the latest first",
    }),
    executionIds: z
      .array(executionIdParameter)
      .min(1)
      .max(maxCheckedRecordings)
      .exactOptional()
      .meta({ description: "These executions" }),
    status: z.enum(executionStatuses).exactOptional(),
    version: versionNumber.exactOptional(),
    entryPoint: entryPointParameter.exactOptional(),
    perEntryPoint: z
      .boolean()
      .exactOptional()
      .meta({ description: "At least one execution of each entry point" }),
    perPath: z
      .boolean()
      .exactOptional()
      .meta({ description: "At least one execution of each sequence of steps" }),
  })
  .meta({ id: "ReplaySelection", description: "The executions to replay. Only ended ones are selected" });

const withSelection = { select: select.exactOptional() };
const draft = z
  .strictObject({ draft: z.literal(true), ...withSelection })
  .meta({ id: "ReplayDraft", description: "The draft of the workflow" });
const version = z
  .strictObject({ version: versionNumber, ...withSelection })
  .meta({ id: "ReplayVersion", description: "A version of the workflow" });
const source = z
  .strictObject({ ...sourceShapes[0], ...withSelection })
  .meta({ id: "ReplayOneFile", description: "A source of one file" });
const files = z
  .strictObject({ ...sourceShapes[1], ...withSelection })
  .meta({ id: "ReplayFiles", description: "A source of several files" });

export interface ReplayCheckRequest {
  readonly candidate: ReplayCandidate;
  readonly select: ReplaySelectionRequest;
}

/** The body that starts a check. The form is determined first, so that the messages describe one form. */
export const replayCheckBody: BodyReader<ReplayCheckRequest> = {
  required: true,
  content: {
    "application/json": {
      schema: z.union([draft, version, source, files]),
      examples: {
        draft: { summary: "The draft", value: { draft: true, select: { last: 50 } } },
        version: { summary: "A version", value: { version: 8, select: { last: 100, perPath: true } } },
      },
    },
  },
  async read(request) {
    const accepts = ["application/json"];
    const { text } = await readText(request, { maxBytes: maxDeployBytes, accepts, mayBeEmpty: false });
    return readRequest(parseJson(text));
  },
};

function readRequest(body: JsonValue): ReplayCheckRequest {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalidBody([], "use an object with `draft`, `version`, `source` or `files`");
  }
  const { select: wanted = {}, ...candidate } = body as { readonly [name: string]: JsonValue };
  const selected = parseWith(z.object({ select }), { select: wanted }, "body").select;
  if ("draft" in candidate) {
    parseWith(draft, candidate, "body");
    return { candidate: { draft: true }, select: selected };
  }
  if ("version" in candidate) {
    return { candidate: { version: parseWith(version, candidate, "body").version }, select: selected };
  }
  if ("note" in candidate) throw invalidBody(["note"], "a check has no note");
  return { candidate: { source: readSource(candidate) }, select: selected };
}
