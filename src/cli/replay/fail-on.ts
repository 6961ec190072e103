import { replayOutcomes } from "../../domain/outcome.ts";
import type { ReplayOutcome } from "../../domain/outcome.ts";
import { usageError } from "../output/cli-error.ts";

/**
 * The outcomes that fail, from `--fail-on different,throws`. All except `same` by default.
 *
 * @throws {CliError} if there is no such outcome
 */
export function parseFailOn(text: string | undefined): ReadonlySet<ReplayOutcome> {
  if (text === undefined) return new Set(replayOutcomes.filter((outcome) => outcome !== "same"));
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !(replayOutcomes as readonly string[]).includes(name));
  if (unknown === undefined) return new Set(names as ReplayOutcome[]);
  throw usageError(`Unknown outcome "${unknown}"`, `Outcomes: ${replayOutcomes.join(", ")}`);
}
