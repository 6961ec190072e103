/** Logs messages of a part of the process for the operator. Its methods do not throw. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/**
 * Structured fields of a message, such as `executionId`, `workflowId` and `instance`. The message of `error` is appended to
 * the line, and its stack if the error is unexpected.
 */
export interface LogFields {
  readonly error?: unknown;
  readonly [name: string]: unknown;
}
