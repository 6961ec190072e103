import type { Digest } from "../base/digest.ts";
import { digestOf } from "../base/sha256.ts";
import { DuraniumError } from "../domain/errors.ts";
import { engineMetadataName, fileDigestsIn } from "../stores/artifacts/engine-files.ts";
import type { EngineFiles } from "../stores/artifacts/engine-files.ts";

/**
 * Copies the engines that are missing at their destination: versions of earlier releases need them.
 *
 * @returns the number of copied engines
 * @throws {DuraniumError} `artifact-corrupt` if a file differs from its digest
 */
export async function copyEngines(
  from: Pick<EngineFiles, "list" | "read">,
  to: Pick<EngineFiles, "has" | "write">,
): Promise<number> {
  let copied = 0;
  for await (const digest of from.list()) {
    if (await to.has(digest)) continue;
    const files = await from.read(digest);
    if (files === undefined) continue;
    assertIntact(digest, files);
    await to.write(digest, files);
    copied += 1;
  }
  return copied;
}

function assertIntact(digest: Digest, files: ReadonlyMap<string, Uint8Array>): void {
  const metadata = files.get(engineMetadataName) ?? new Uint8Array();
  for (const [path, expected] of Object.entries(fileDigestsIn(metadata, `engine ${digest}`))) {
    const bytes = files.get(path);
    if (bytes === undefined || digestOf(bytes) !== expected)
      throw new DuraniumError("artifact-corrupt", `File ${path} of engine ${digest} is damaged`);
  }
}
