import { z } from "zod";
import { flowSchema } from "../../declarations/flow-schema.ts";
import { scheduleOptionsShape } from "../../declarations/schedule-schema.ts";
import { languages } from "../../domain/engines/language.ts";
import {
  diagnostic,
  digest,
  executionId,
  executionStatus,
  timestamp,
  versionNumber,
  workflowId,
} from "./fields.ts";
import { packageLock } from "./package.ts";
import { scheduleSpec } from "./schedule.ts";
import type { View } from "./wire.ts";

/** Workflows and versions: the schemas of responses, and the types that services return, which are derived from them. */

const recentExecution = z.strictObject({
  executionId,
  status: executionStatus,
  createdAt: timestamp,
});

export const workflow = z
  .strictObject({
    workflowId,
    currentVersion: versionNumber.exactOptional().meta({
      description: "The version of new executions. Absent until the first deploy has ended",
    }),
    latestVersion: z
      .int32()
      .min(0)
      .meta({ description: "The number of the last deploy", examples: [3] }),
    createdAt: timestamp,
    paused: z
      .strictObject({
        at: timestamp,
        by: z.string().meta({ description: "The name of the API key that paused it" }),
        note: z.string().exactOptional(),
        running: z.boolean().meta({ description: "True if executions that had started are paused as well" }),
      })
      .exactOptional()
      .meta({ description: "Present while the workflow is paused: new executions wait" }),
    recent: z
      .array(recentExecution)
      .exactOptional()
      .meta({ description: "Its last executions, newest first, if `recent` is given" }),
  })
  .meta({ id: "Workflow" });

const versionShape = {
  workflowId,
  version: versionNumber,
  digest: digest.meta({ description: "Digest of the source: the same source has the same digest" }),
  imageDigest: digest.meta({ description: "Digest of the memory image that executions start from" }),
  engineDigest: digest.meta({ description: "Digest of the engine that created the image and runs it" }),
  bundleDigest: digest.meta({ description: "Digest of the bundled source" }),
  protocolVersion: z.int32().meta({ description: "The protocol between the image and its host" }),
  language: z
    .enum(languages)
    .meta({ description: "The language of the workflow. TypeScript is `javascript`" }),
  sizes: z.strictObject({
    sourceBytes: z.int(),
    bundleBytes: z.int(),
    imageBytes: z.int().meta({ description: "Compressed size as stored" }),
    imagePages: z.int().meta({ description: "Pages of 4 KiB that differ from the engine's" }),
  }),
  timings: z.strictObject({ bundleMs: z.number(), evaluateMs: z.number(), imageMs: z.number() }),
  deployedBy: z.string().meta({ description: "The name of the API key that deployed it" }),
  deployedAt: timestamp,
  note: z.string().exactOptional().meta({ description: "The author's note: plain text" }),
  declarations: z
    .strictObject({
      schedules: z
        .array(
          z.strictObject({
            name: z.string().meta({ description: "The ID of the schedule is `<workflow ID>.<name>`" }),
            definition: z.strictObject({
              spec: scheduleSpec,
              ...scheduleOptionsShape,
            }),
          }),
        )
        .readonly()
        .exactOptional(),
      flow: flowSchema.exactOptional(),
    })
    .exactOptional()
    .meta({ description: "The exports `schedules` and `flow` of the source" }),
};

const current = z.boolean().meta({ description: "True if this is the current version" });

export const version = z.strictObject({ ...versionShape, current }).meta({ id: "Version" });

export const deployedVersion = z
  .strictObject({
    ...versionShape,
    unchanged: z.boolean().meta({ description: "True if the previous version has the same source" }),
    warnings: z.array(diagnostic).exactOptional().meta({
      description: "Unsupported features that the source uses, such as options of its `tsconfig.json`",
    }),
  })
  .meta({ id: "DeployedVersion" });

export const versionWithSource = z
  .strictObject({
    ...versionShape,
    current,
    source: z.strictObject({
      entry: z.string().meta({ description: "The file that exports `run`", examples: ["workflow.ts"] }),
      files: z.record(z.string(), z.string()).meta({ description: "Contents by relative path" }),
      binaryFiles: z
        .record(z.string(), z.string())
        .exactOptional()
        .meta({ description: "Files that are not text, in base64 by relative path" }),
      language: z.enum(languages).exactOptional().meta({
        description: "The language, if it does not follow from the extension of the entry",
      }),
      dependencies: z
        .record(z.string(), z.string())
        .exactOptional()
        .meta({ description: "Packages of the installation, by their exact versions" }),
      packages: z
        .record(z.string(), z.string())
        .exactOptional()
        .meta({ description: "The requested packages, by name" }),
      packageLock: packageLock.exactOptional(),
    }),
  })
  .meta({ id: "VersionWithSource" });

/** A workflow with its current version, and its latest executions if they were requested. */
export type WorkflowView = View<typeof workflow>;
export type RecentExecution = View<typeof recentExecution>;
export type VersionView = View<typeof version>;
/** A new version, and whether the version deployed before it has the same source. */
export type DeployedVersion = View<typeof deployedVersion>;
export type VersionWithSource = View<typeof versionWithSource>;
