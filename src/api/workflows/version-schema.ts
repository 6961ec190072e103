import { z } from "zod";
import { scheduleOptionsShape, scheduleSpecSchema } from "../../declarations/schedule-schema.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { Version } from "../../domain/workflow.ts";
import type { VersionView } from "../contract/services.ts";
import {
  digest,
  jsonValue,
  timestamp,
  versionNote,
  versionNumber,
  workflowIdParameter,
  workflowIdText,
} from "../http/common-schema.ts";
import { diagnostic } from "../http/problem-schema.ts";
import { optional, isoTime } from "../http/wire.ts";

export const versionParameters = z.strictObject({
  workflowId: workflowIdParameter,
  version: z
    .string()
    .meta({ description: "The number of the version", override: { type: "integer", minimum: 1 } })
    .transform(parseVersionNumber),
});

export const activateRequest = z.strictObject({ version: versionNumber });

export const updateVersionRequest = z
  .strictObject({ note: versionNote.meta({ description: "The new note; an empty one removes it" }) })
  .meta({ id: "UpdateVersion" });

const versionShape = {
  workflowId: workflowIdText,
  version: versionNumber,
  digest: digest.meta({ description: "Digest of the source: the same source has the same digest" }),
  imageDigest: digest.meta({ description: "Digest of the memory image that executions start from" }),
  engineDigest: digest.meta({ description: "Digest of the engine that created the image and runs it" }),
  bundleDigest: digest.meta({ description: "Digest of the bundled source" }),
  protocolVersion: z.int32().meta({ description: "The protocol between the image and its host" }),
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
              spec: scheduleSpecSchema.meta({ id: "ScheduleSpec" }),
              ...scheduleOptionsShape,
            }),
          }),
        )
        .readonly()
        .exactOptional(),
      flow: jsonValue.exactOptional(),
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
      description: "Unsupported features that the source asks for, such as options of its `tsconfig.json`",
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
      dependencies: z
        .record(z.string(), z.string())
        .exactOptional()
        .meta({ description: "Packages of the installation, by their exact versions" }),
    }),
  })
  .meta({ id: "VersionWithSource" });

export type VersionBody = z.input<typeof version>;
export type DeployedVersionBody = z.input<typeof deployedVersion>;
export type VersionWithSourceBody = z.input<typeof versionWithSource>;

/** @throws {DuraniumError} `version-not-found`, also for a malformed number */
function parseVersionNumber(text: string): number {
  const number = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= maxInt32) return number;
  throw new DuraniumError("version-not-found", `Version ${JSON.stringify(text.slice(0, 20))} not found`);
}

const maxInt32 = 2 ** 31 - 1;

/** The fields of a version that all responses with a version have. */
export function versionFacts(version: Version): Omit<VersionBody, "current"> {
  return {
    workflowId: version.workflowId,
    version: version.version,
    digest: version.sourceDigest,
    imageDigest: version.imageDigest,
    engineDigest: version.engineDigest,
    bundleDigest: version.bundleDigest,
    protocolVersion: version.protocolVersion,
    sizes: version.sizes,
    timings: version.timings,
    deployedBy: version.deployedBy,
    deployedAt: isoTime(version.deployedAt),
    ...optional("note", version.note),
    ...optional("declarations", version.declarations),
  };
}

export function versionBody(version: VersionView): VersionBody {
  return { ...versionFacts(version), current: version.current };
}
