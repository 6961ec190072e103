import type { JsonValue } from "../base/json.ts";

/** In the order of the `log-level` of `wit/runtime.wit`. */
export const logLevels = ["debug", "info", "warn", "error"] as const;

/** The level of a console line. */
export type LogLevel = (typeof logLevels)[number];

/** One line of a workflow's console. A replay writes the same lines with the same numbers again. */
export interface LogLine {
  /** 0, 1, 2… in the order of the execution. */
  readonly number: number;
  readonly level: LogLevel;
  /** The arguments of the call of `console`. */
  readonly line: readonly JsonValue[];
  /** Milliseconds since the Unix epoch, on the guest's clock in lines from the driver and on the host's clock in stored lines. */
  readonly at: number;
}
