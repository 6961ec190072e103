import type { ExecutionId } from "../domain/ids.ts";

/** Executions that one notice names. If a batch has lines of more, the notice is about all executions. */
const maxNamedExecutions = 100;

/** The key of a notice that lines of these executions were stored. */
export function logLinesNotice(executionIds: ReadonlySet<ExecutionId>): string {
  return executionIds.size > maxNamedExecutions ? "" : [...executionIds].join(" ");
}

/** True if a notice may be about this execution. */
export function isAboutExecution(notice: string | undefined, executionId: ExecutionId): boolean {
  return notice === undefined || notice === "" || notice.split(" ").includes(executionId);
}
