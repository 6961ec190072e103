import { languageNames } from "../domain/engines/language.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { CompiledWorkflow } from "../domain/workflow.ts";
import type { SyncQueries } from "./sql/sqlite.ts";
import { eq } from "./sql/drizzle.ts";
import { engines } from "./sql/schema.ts";

/**
 * Called in the transaction that records a version: an added engine can be removed while a source is compiled with it,
 * because no version needs it yet.
 *
 * @throws {DuraniumError} `engine-not-installed`
 */
export function requireEngine(queries: SyncQueries, compiled: CompiledWorkflow): void {
  const { engineDigest, language = "javascript" } = compiled;
  // Its engines are those of the releases.
  if (language === "javascript") return;
  const { digest } = engines;
  if (queries.select({ digest }).from(engines).where(eq(digest, engineDigest)).get() !== undefined) return;
  const message = `The ${languageNames[language]} engine was removed after it had compiled the workflow`;
  const hint = "Deploy again, with the engine that is current now";
  throw new DuraniumError("engine-not-installed", `${message}. ${hint}`, {
    diagnostics: [{ message, hint }],
  });
}
