/** What a part of the process says to its operator. None of it throws. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/**
 * What a message is about, under names that programs look for: `executionId`, `workflowId`, `instance`. `error` is what was
 * thrown: its message is appended to that of the line, and its stack only if the error is unexpected.
 */
export interface LogFields {
  readonly error?: unknown;
  readonly [name: string]: unknown;
}
