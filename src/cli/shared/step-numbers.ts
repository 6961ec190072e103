import { usageError } from "../output/cli-error.ts";

type Steps = readonly { readonly index: number }[];

/**
 * The index of a step, which the API uses, by its number in the timeline.
 *
 * @throws {CliError} if there is no such step
 */
export function indexOfStep(steps: Steps, number: number): number {
  const step = steps[number - 1];
  if (step !== undefined) return step.index;
  throw usageError(`There is no step ${number}`, `The execution has ${steps.length} steps`);
}

/** The server validates the answers. @throws as `indexOfStep` */
export function withIndexes(answers: unknown, steps: Steps): unknown {
  if (!Array.isArray(answers)) return answers;
  return answers.map((answer: { readonly step?: unknown } | null) => {
    const number = answer?.step;
    return typeof number === "number" ? { ...answer, step: indexOfStep(steps, number) } : answer;
  });
}
