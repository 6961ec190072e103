import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compiledDirectory } from "./instance.ts";
import type { ObjectStorageServer } from "./object-storage.ts";

const command = fileURLToPath(new URL("../../bin/duranium.js", import.meta.url));

/** Runs `duranium migrate` as an operator does, and returns what it prints. Rejects if it fails. */
export async function runMigrate(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env = { PATH: process.env["PATH"], NODE_COMPILE_CACHE: compiledDirectory, ...environment };
  const { stdout } = await promisify(execFile)(process.execPath, [command, "migrate", ...args], { env });
  return stdout;
}

/** The variables with which an installation uses a bucket, also for `migrate`. */
export function bucketEnvironment(
  { endpoint, accessKeyId, secretAccessKey }: ObjectStorageServer,
  bucket: string,
): Record<"DURANIUM_ARTIFACTS_URL" | "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY", string> {
  return {
    DURANIUM_ARTIFACTS_URL: `s3://${bucket}/migrated?endpoint=${endpoint}&region=us-east-1`,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
}
