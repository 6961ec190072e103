import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionId } from "../../domain/ids.ts";

/** Recordings of executions that differed when they were replayed, as files in the data directory, to find the cause. */
export interface KeptRecordings {
  /**
   * Keeps a recording, and removes the oldest ones.
   *
   * @returns the path of the file
   */
  keep(executionId: ExecutionId, content: { readonly what: string; readonly recording: unknown }): string;
  /** Removes those that are too old, and those of executions that no longer exist. */
  sweep(existing: (ids: readonly ExecutionId[]) => Promise<ReadonlySet<ExecutionId>>): Promise<void>;
}

export function createKeptRecordings(
  directory: string,
  { maxFiles, maxAgeMs }: { readonly maxFiles: number; readonly maxAgeMs: number },
): KeptRecordings {
  const pathOf = (executionId: ExecutionId) => join(directory, `${executionId}${suffix}`);
  return {
    keep(executionId, content) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const path = pathOf(executionId);
      writeFileSync(`${path}.new`, JSON.stringify(content), { mode: 0o600 });
      renameSync(`${path}.new`, path);
      for (const each of filesIn(directory).slice(maxFiles))
        rmSync(pathOf(each.executionId), { force: true });
      return path;
    },
    async sweep(existing) {
      const kept = filesIn(directory);
      if (kept.length === 0) return;
      const found = await existing(kept.map(({ executionId }) => executionId));
      for (const { executionId, at } of kept) {
        const isOld = Date.now() - at > maxAgeMs;
        if (isOld || !found.has(executionId)) rmSync(pathOf(executionId), { force: true });
      }
    },
  };
}

const suffix = ".json";
const fileForm = /^inv_[A-Za-z0-9]{1,80}\.json$/;

/** The latest first. */
function filesIn(directory: string): readonly { readonly executionId: ExecutionId; readonly at: number }[] {
  if (statSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(directory)
    .filter((name) => fileForm.test(name))
    .map((name) => ({
      executionId: name.slice(0, -suffix.length) as ExecutionId,
      at: statSync(join(directory, name)).mtimeMs,
    }))
    .toSorted((one, other) => other.at - one.at);
}
