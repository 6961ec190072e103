import { pino, stdTimeFunctions } from "pino";
import type { Logger as PinoLogger } from "pino";
import { prettyFactory } from "pino-pretty";
import type { LogFields, Logger } from "../base/logger.ts";
import type { Config } from "../config/config.ts";
import { DuraniumError, messageOf } from "../domain/errors.ts";

/** The log of the process: lines of text or of JSON, each with its time and level. */
export interface Log extends Logger {
  /** Returns a logger whose lines are prefixed with the name of a part: `restate`, `executor`… */
  readonly part: (name: string) => Logger;
  /** Logs a completed request. */
  readonly access: (request: AnsweredRequest) => void;
  /** Prints the URLs of the process, as text without time and level so that they can be copied. */
  readonly announce: (line: string) => void;
  /** Prints to standard error why the process exits. */
  readonly fatal: (message: string) => void;
}

export interface AnsweredRequest {
  readonly operationId?: string;
  readonly method: string;
  /** The path without its query and without tokens. */
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  /** The name of the API key, if the request had one. */
  readonly key?: string;
}

export function openLog(format: Config["log"]["format"]): Log {
  const isJson = format === "json";
  const toText = prettyFactory(textOptions);
  const write = (stream: NodeJS.WriteStream) => (line: string) =>
    void stream.write(isJson ? line : (toText(line) ?? ""));
  const options = { base: null, timestamp: stdTimeFunctions.isoTime, ...(isJson ? levelNames : {}) };
  const log = pino(options, { write: write(process.stdout) });
  const errors = pino(options, { write: write(process.stderr) });
  return {
    ...loggerOf(log, isJson),
    part: (name) => loggerOf(log, isJson, name),
    access({ method, path, status, durationMs, key, operationId }) {
      const roundedMs = Math.round(durationMs * 10) / 10;
      const fields = { operation: operationId, method, path, status, durationMs: roundedMs, key };
      log.info(
        { access: fields },
        `${method} ${path} ${status} ${roundedMs} ms${key === undefined ? "" : ` ${key}`}`,
      );
    },
    announce(line) {
      if (!isJson) process.stdout.write(`${line}\n`);
      else if (line !== "") log.info(line.replaceAll(/ {2,}/g, " "));
    },
    fatal(message) {
      if (isJson) errors.fatal(message);
      else process.stderr.write(`duranium: ${message}\n`);
    },
  };
}

const levelNames = { formatters: { level: (level: string) => ({ level }) } };

/** Hides the fields of a line, because the message has everything a reader of text needs. */
const textOptions = {
  colorize: false,
  translateTime: "UTC:yyyy-mm-dd'T'HH:MM:ss.l'Z'",
  hideObject: true,
};

type Level = "info" | "warn" | "error";

function loggerOf(log: PinoLogger, isJson: boolean, part?: string): Logger {
  const write =
    (level: Level) =>
    (message: string, { error, ...fields }: LogFields = {}) => {
      const text = [part, message, ...(error === undefined ? [] : [messageOf(error)])]
        .filter(isGiven)
        .join(": ");
      const stack = stackOf(error);
      if (!isJson) return log[level](stack === undefined ? text : `${text}\n${stack}`);
      log[level](
        { part, ...fields, ...(error === undefined ? {} : { error: errorFields(error, stack) }) },
        text,
      );
    };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}

function errorFields(error: unknown, stack: string | undefined): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: String(error) };
  return { name: error.name, message: error.message, code: Reflect.get(error, "code") as unknown, stack };
}

/**
 * Returns the stack of unexpected errors only. Errors of the catalogue and of the system are explained by their message and
 * code.
 */
function stackOf(error: unknown): string | undefined {
  if (error instanceof DuraniumError) return error.code === "internal" ? originOf(error).stack : undefined;
  return error instanceof Error && typeof Reflect.get(error, "code") !== "string" ? error.stack : undefined;
}

function originOf(error: Error): Error {
  return error.cause instanceof Error ? error.cause : error;
}
