import type { JsonValue } from "../base/json.ts";

/** In the order of the `log-level` of `wit/runtime.wit`. */
export const logLevels = ["debug", "info", "warn", "error"] as const;

/** How loud a console line is. */
export type LogLevel = (typeof logLevels)[number];

/** One line of a workflow's console. A replay says the same lines with the same numbers again. */
export interface LogLine {
  /** 0, 1, 2… in the order of the execution. */
  readonly number: number;
  readonly level: LogLevel;
  /** The arguments of the call of `console`. */
  readonly line: readonly JsonValue[];
  /** When it was written, in milliseconds since the Unix epoch: by the guest's clock from the driver, by the host's in what is kept. */
  readonly at: number;
}
