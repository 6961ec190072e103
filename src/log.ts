import { pino, stdTimeFunctions } from "pino";
import { prettyFactory } from "pino-pretty";
import type { Config } from "./config.ts";

/** What the process writes for its operator: lines for people, or JSON for programs, with a time and a level each. */
export interface Log {
  /** A line of a part of the process. It says its level at its beginning: `error restate: …`, `warning: …`; else it is news. */
  readonly print: (line: string) => void;
  /** Something failed on our side. */
  readonly error: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** A request that was answered. */
  readonly access: (request: AnsweredRequest) => void;
  /** Where the process is to be found. Without time and level for people, who copy from it. */
  readonly announce: (line: string) => void;
  /** Why the process ends, on standard error. */
  readonly fatal: (message: string) => void;
}

export interface AnsweredRequest {
  readonly operationId?: string;
  readonly method: string;
  /** Without a query, and with no token in it. */
  readonly path: string;
  readonly status: number;
  readonly tookMs: number;
  /** The name of the API key, where there was one. */
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
    print(line) {
      const { level, message } = parseLine(line);
      log[level](message);
    },
    error: (message, fields) => log.error(fields, message),
    access({ method, path, status, tookMs, key, operationId }) {
      const durationMs = Math.round(tookMs * 10) / 10;
      const fields = { operation: operationId, method, path, status, durationMs, key };
      log.info(
        { access: fields },
        `${method} ${path} ${status} ${durationMs} ms${key === undefined ? "" : ` ${key}`}`,
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

/** The message of a line says all of it that a person wants to know. */
const textOptions = {
  colorize: false,
  translateTime: "UTC:yyyy-mm-dd'T'HH:MM:ss.l'Z'",
  hideObject: true,
};

function parseLine(line: string): { readonly level: "info" | "warn" | "error"; readonly message: string } {
  const [, level, rest] = /^(error |warning: |restate (?:warn|error) )(.*)$/s.exec(line) ?? [];
  if (level === undefined || rest === undefined) return { level: "info", message: line };
  const message = level.startsWith("restate ") ? `restate ${rest}` : rest;
  return { level: level.includes("error") ? "error" : "warn", message };
}
