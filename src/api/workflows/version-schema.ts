import { z } from "zod";
import { DuraniumError } from "../../domain/errors.ts";
import { versionNote, versionNumber, workflowIdParameter } from "../contract/fields.ts";

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

/** @throws {DuraniumError} `version-not-found`, also for a malformed number */
function parseVersionNumber(text: string): number {
  const number = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= maxInt32) return number;
  throw new DuraniumError("version-not-found", `Version ${JSON.stringify(text.slice(0, 20))} not found`);
}

const maxInt32 = 2 ** 31 - 1;
