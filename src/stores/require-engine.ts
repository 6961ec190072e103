import { languageNames } from "../domain/engines/language.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { CompiledWorkflow } from "../domain/workflow.ts";
import { rows } from "./sql/database.ts";
import type { Queries, Steps } from "./sql/database.ts";
import { eq } from "./sql/drizzle.ts";
import type { Tables } from "./sql/tables.ts";

/**
 * Called in the transaction that records a version: an added engine can be removed while a source is compiled with it,
 * because no version needs it yet.
 *
 * @throws {DuraniumError} `engine-not-installed`
 */
export function* requireEngine(
  tx: Queries,
  { engines }: Pick<Tables, "engines">,
  compiled: CompiledWorkflow,
): Steps<void> {
  const { engineDigest, language = "javascript" } = compiled;
  // Its engines are those of the releases.
  if (language === "javascript") return;
  const { digest } = engines;
  const [installed] = yield* rows(tx.select({ digest }).from(engines).where(eq(digest, engineDigest)));
  if (installed !== undefined) return;
  const message = `The ${languageNames[language]} engine was removed after it had compiled the workflow`;
  const hint = "Deploy again, with the engine that is current now";
  throw new DuraniumError("engine-not-installed", `${message}. ${hint}`, {
    diagnostics: [{ message, hint }],
  });
}
