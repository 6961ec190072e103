import { digestOf } from "../../base/sha256.ts";
import type { WorkflowId } from "../ids.ts";
import type { Failure } from "../outcome.ts";

/**
 * The cause of a failed execution. Executions of a workflow that fail in the same place of the source with the same kind of
 * error have the same `failureId`, in whatever version.
 */
export interface FailureCause {
  /** 16 hexadecimal digits. */
  readonly failureId: string;
  /** A code of the catalogue: `workflow-failed`, `out-of-memory`… */
  readonly code: string;
  readonly name: string;
  /** Shortened to `maxCauseCharacters`. */
  readonly message: string;
  /** The author's file and the line of the innermost frame. Absent if the failure has no stack. */
  readonly at?: SourcePlace;
}

export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

/** Characters of a message that are stored with the cause. The whole message is part of the execution. */
const maxCauseCharacters = 500;

/** @param code of the catalogue, as the execution ended with it */
export function causeOf(workflowId: WorkflowId, code: string, failure: Failure): FailureCause {
  const message = shortened(failure.message);
  const frame = innermostFrame(failure.stack ?? "");
  // Lines move from version to version, and functions do not.
  const place = frame === undefined ? "" : `${frame.file} ${frame.function ?? frame.line}`;
  const identity = [workflowId, code, failure.name, withoutVariables(message), place];
  return {
    failureId: digestOf(JSON.stringify(identity)).slice(0, 16),
    code,
    name: shortened(failure.name),
    message,
    ...(frame === undefined ? {} : { at: { file: frame.file, line: frame.line } }),
  };
}

function shortened(text: string): string {
  return text.length <= maxCauseCharacters
    ? text
    : `${text.slice(0, maxCauseCharacters - 1)}…`.toWellFormed();
}

/** Replaces what differs between two occurrences of the same error: ids, addresses, times and numbers. */
function withoutVariables(message: string): string {
  return message
    .replaceAll(/\binv_[A-Za-z0-9]+/g, "#")
    .replaceAll(/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, "#")
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "#")
    .replaceAll(/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, "#")
    .replaceAll(/\d+/g, "#");
}

interface Frame extends SourcePlace {
  readonly function?: string;
}

/** The innermost frame in a file of the author, or else in a package. */
function innermostFrame(stack: string): Frame | undefined {
  const frames = stack.split("\n").flatMap((line) => frameOf(line) ?? []);
  return frames.find(({ file }) => !file.includes("node_modules/")) ?? frames[0];
}

/** Parses `at total (orders.ts:12:7)` and `at orders.ts:12:7`. */
function frameOf(text: string): Frame | undefined {
  const [, name, file, line] = /^\s*at (?:(\S.*) \()?([^\s()]+):(\d+):\d+\)?$/.exec(text) ?? [];
  if (file === undefined || file.length > maxCauseCharacters) return undefined;
  return { file, line: Number(line), ...(name === undefined ? {} : { function: name }) };
}
