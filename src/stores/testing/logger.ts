import type { LogFields, Logger } from "../../base/logger.ts";
import { messageOf } from "../../domain/errors.ts";

export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} };

/** Collects the logged texts, each with the message of its error. */
export function collectingLogger(problems: string[]): Logger {
  const collect = (message: string, { error }: LogFields = {}) =>
    void problems.push(error === undefined ? message : `${message}: ${messageOf(error)}`);
  return { info: collect, warn: collect, error: collect };
}
