import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { defaultExecutionLimits } from "../domain/execution-limits.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import {
  callsCeiling,
  defaultRetentionDays,
  drainTimeoutMs,
  journalCeilingBytes,
  maxCallsPerExecution,
  maxConcurrentRequests,
  maxExecutionFuel,
  maxJournalBytes,
  maxEventLoopDelayMs,
  maxMemoryPages,
  maxSendsPerSecond,
  maxSocketPathBytes,
  maxStartDelayMs,
  maxTurnFuel,
  maxWaitingExecutions,
  memoryCeilingPages,
  minFreeDiskBytes,
  minFreeMemoryBytes,
  retentionCeilingDays,
  turnTimeoutMs,
} from "../domain/limits.ts";
import type { RestateAddress } from "../restate/client/restate-address.ts";
import type { RestatePorts } from "../restate/server/restate-process.ts";
import { tracingOf, tracingVariables } from "./tracing.ts";
import type { TracingConfig } from "./tracing.ts";

/**
 * The configuration: read from the environment once, validated, frozen. Nothing else in `src` looks at
 * `process.env`. Every variable has a default that works on one machine.
 */
export interface Config {
  readonly role: "all" | "api" | "executor";
  /** Absolute. SQLite, artifacts, engines, Restate's data and generated keys live here. */
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** Absolute. */
  readonly artifactsDir: string;
  /**
   * Absolute. Where engines are built, and found: those that come with a release. Where it is not the data
   * directory's own, that keeps a copy of each that was current.
   */
  readonly enginesDir: string;
  readonly api: { readonly host: string; readonly port: number };
  /** Where others reach the API: the URLs of callbacks begin with it. Without a slash at its end. */
  readonly publicUrl: string;
  readonly executor: { readonly host: string; readonly port: number; readonly url: string };
  readonly restate: EmbeddedRestate | ExternalRestate;
  /** Given by the operator, unparsed: `stores/data-directory/key-ring.ts` knows the form. */
  readonly masterKey: string | undefined;
  /** Absolute. Where master keys are when the operator gives none. */
  readonly masterKeyFile: string;
  /** Given by the operator; otherwise one is made on the first start. */
  readonly rootKey: string | undefined;
  /** Absolute. The `node_modules` folder that deploys may take packages from; without it there are none. */
  readonly packagesDir: string | undefined;
  /** Unparsed: `host/network/egress.ts` knows the syntax. */
  readonly egressAllow: string;
  /** Requests to the API within ten seconds. */
  readonly rateLimits: { readonly perKey: number; readonly perAddress: number };
  /** Executions of one workflow that others begin with `ctx.send` in a second. */
  readonly maxSendsPerSecond: number;
  /** From where on no more work is taken in. */
  readonly overload: {
    readonly maxWaitingExecutions: number;
    readonly maxStartDelayMs: number;
    readonly maxRequests: number;
    readonly maxEventLoopDelayMs: number;
    /** 0 where it is not looked at. */
    readonly minFreeMemoryBytes: number;
    /** Of the file system of the data directory; 0 where it is not looked at. */
    readonly minFreeDiskBytes: number;
  };
  /** Where traces go, and which of them; absent where nobody wants any. */
  readonly tracing: TracingConfig | undefined;
  /** Origins whose pages may use the API from a browser; `*` for any. */
  readonly corsOrigins: readonly string[];
  /** Addresses and ranges whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Worker threads that run guests. */
  readonly workers: number | undefined;
  /** The most that the settings of a workflow may give to its executions. */
  readonly maxLimits: ExecutionLimits;
  /** How long executions that have ended are kept, and the most that the settings of a workflow may say. */
  readonly retentionHours: number;
  /** A turn of a guest by the clock. */
  readonly turnTimeoutMs: number;
  /** How long a process that stops waits for effects under way, so that they need not be made again. */
  readonly drainTimeoutMs: number;
  /** Whether versions can be downloaded as portable components, whose build evaluates workflows without fuel. */
  readonly portableComponents: boolean;
  readonly log: {
    readonly format: "text" | "json";
    /** Whether each request to the API is logged. */
    readonly hasAccess: boolean;
  };
}

interface RestateAddresses {
  readonly ingress: RestateAddress;
  readonly admin: RestateAddress;
}

/** A Restate server that is started as a child. */
export interface EmbeddedRestate extends RestateAddresses {
  readonly kind: "embedded";
  /** Absolute. Made at the first start: the server signs its requests to the executor with it. */
  readonly identityKeyFile: string;
  /** `undefined` where it listens on Unix sockets in its data directory. */
  readonly ports: RestatePorts | undefined;
  /** Whether it has ports only because the path of the data directory is too long for sockets. */
  readonly isTooLongForSockets: boolean;
  /** Restate's own variables (`RESTATE_WORKER__…`), handed through as they are. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A Restate server or cluster that somebody else runs. */
export interface ExternalRestate extends RestateAddresses {
  readonly kind: "external";
  /** Absolute. PEM of its request identity; without it the executor takes requests of anybody. */
  readonly identityKeyFile: string | undefined;
}

/** The environment does not describe a configuration: one line per variable, which each names. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {ConfigError} */
export function readConfig(environment: Environment = process.env): Config {
  const parsed = variables.safeParse(withoutEmpty(environment));
  const problems = [
    ...(parsed.error?.issues ?? []).map(describeIssue),
    ...unknownNames(withoutEmpty(environment)).map(describeUnknown),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems.join("\n"));
  return Object.freeze(assemble(parsed.data, environment));
}

/** What has to be known before a configuration is read: how to say that it cannot be. */
export function readLogFormat(environment: Environment = process.env): Config["log"]["format"] {
  return environment["DURANIUM_LOG_FORMAT"] === "json" ? "json" : "text";
}

const port = (fallback: number) =>
  z.coerce
    .number("must be a port number")
    .int("must be a whole number")
    .min(1, "must be a port from 1 to 65535")
    .max(65_535, "must be a port from 1 to 65535")
    .default(fallback);

const requestCount = (fallback: number) =>
  z.coerce
    .number("must be a number of requests")
    .int("must be a whole number")
    .min(1, "must be 1 or more")
    .default(fallback);

/** @param what `a number of executions` */
const count = (what: string, { min, fallback }: { readonly min: number; readonly fallback: number }) =>
  z.coerce
    .number(`must be ${what}`)
    .int("must be a whole number")
    .min(min, `must be ${min} or more`)
    .default(fallback);

/** @param what `a number of days` */
const wholeFrom = (what: string, [min, max]: readonly [number, number], fallback: number) =>
  z.coerce
    .number(`must be ${what}`)
    .int("must be a whole number")
    .min(min, `must be from ${min} to ${max}`)
    .max(max, `must be from ${min} to ${max}`)
    .default(fallback);

const MiB = 1024 * 1024;

/** Elsewhere the system tells what is unused, which is little on a machine that is well. */
const freeMemoryMib = process.platform === "linux" ? minFreeMemoryBytes / MiB : 0;

const url = z
  .url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" })
  .transform((text) => text.replace(/\/+$/, ""));

/** Parts between commas or spaces. */
const list = z
  .string()
  .default("")
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ""));

function isOrigin(text: string): boolean {
  return text === "*" || (URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text);
}

const fileUrl = z
  .string()
  .regex(/^file:.+/, 'must be a "file:" URL: other databases are not supported')
  .transform((text) => text.slice("file:".length).replace(/^\/\/(?=\/)/, ""));

/** In units of fuel: they are many, so `20e9` may be written. */
const fuel = (fallback: number) =>
  z.coerce
    .number("must be a number of units of fuel")
    .int("must be a whole number")
    .min(1e9, "must be 1e9 or more")
    .max(1e15, "must be 1e15 or less")
    .default(fallback);

const pagesPerMib = 16;
/** An engine takes most of it before it has done anything. */
const minMemoryMib = 16;
const maxMemoryMib = memoryCeilingPages / pagesPerMib;
const memoryRange = `must be from ${minMemoryMib} to ${maxMemoryMib}`;

const bytesPerMib = 1_024 * 1_024;
const maxJournalMib = journalCeilingBytes / bytesPerMib;

const variables = z.object({
  PORT: port(3000),
  HOST: z.string().default("127.0.0.1"),
  DURANIUM_DATA_DIR: z.string().default("./data"),
  DURANIUM_ENGINES_DIR: z.string().optional(),
  DURANIUM_ROOT_KEY: z.string().min(24, "must have 24 characters or more").optional(),
  DURANIUM_MASTER_KEY: z.string().optional(),
  DURANIUM_DATABASE_URL: fileUrl.optional(),
  DURANIUM_ARTIFACTS_DIR: z
    .string()
    .regex(/^(?![a-z]+:)/, "must be a folder, not a URL")
    .optional(),
  DURANIUM_PUBLIC_URL: url.optional(),
  RESTATE_INGRESS_URL: url.optional(),
  RESTATE_ADMIN_URL: url.optional(),
  RESTATE_IDENTITY_KEY: z.string().optional(),
  RESTATE_LISTEN_MODE: z.enum(["unix", "tcp"], 'must be "unix" or "tcp"').optional(),
  RESTATE_INGRESS_PORT: port(8080),
  RESTATE_ADMIN_PORT: port(9070),
  RESTATE_NODE_PORT: port(5122),
  DURANIUM_EXECUTOR_HOST: z.string().default("127.0.0.1"),
  DURANIUM_EXECUTOR_PORT: port(9080),
  DURANIUM_EXECUTOR_URL: url.optional(),
  DURANIUM_ROLE: z.enum(["all", "api", "executor"], 'must be "all", "api" or "executor"').default("all"),
  DURANIUM_PACKAGES_DIR: z.string().optional(),
  DURANIUM_EGRESS_ALLOW: z.string().default(""),
  DURANIUM_RATE_LIMIT_PER_KEY: requestCount(10_000),
  DURANIUM_RATE_LIMIT_PER_ADDRESS: requestCount(1_000),
  DURANIUM_MAX_QUEUED_EXECUTIONS: count("a number of executions", {
    min: 1,
    fallback: maxWaitingExecutions,
  }),
  DURANIUM_MAX_SENDS_PER_SECOND: count("a number of executions", { min: 1, fallback: maxSendsPerSecond }),
  DURANIUM_MAX_START_DELAY_MS: count("a number of milliseconds", { min: 1, fallback: maxStartDelayMs }),
  DURANIUM_MAX_REQUESTS: count("a number of requests", { min: 1, fallback: maxConcurrentRequests }),
  DURANIUM_MAX_EVENT_LOOP_DELAY_MS: count("a number of milliseconds", {
    min: 1,
    fallback: maxEventLoopDelayMs,
  }),
  DURANIUM_MIN_FREE_MEMORY_MIB: count("a number of MiB", { min: 0, fallback: freeMemoryMib }),
  DURANIUM_MIN_FREE_DISK_MIB: count("a number of MiB", { min: 0, fallback: minFreeDiskBytes / MiB }),
  ...tracingVariables,
  DURANIUM_CORS_ORIGINS: list.refine(
    (origins) => origins.every(isOrigin),
    "must be origins, as https://dashboard.example, or *",
  ),
  DURANIUM_TRUSTED_PROXIES: list,
  DURANIUM_WORKERS: z.coerce
    .number("must be a number of threads")
    .int("must be a whole number")
    .min(1, "must be from 1 to 64")
    .max(64, "must be from 1 to 64")
    .optional(),
  DURANIUM_MAX_TURN_FUEL: fuel(maxTurnFuel),
  DURANIUM_MAX_EXECUTION_FUEL: fuel(maxExecutionFuel),
  DURANIUM_MAX_MEMORY_MIB: z.coerce
    .number("must be a number of MiB")
    .int("must be a whole number")
    .min(minMemoryMib, memoryRange)
    .max(maxMemoryMib, memoryRange)
    .default(maxMemoryPages / pagesPerMib),
  DURANIUM_MAX_HOST_CALLS: wholeFrom("a number of host calls", [1, callsCeiling], maxCallsPerExecution),
  DURANIUM_MAX_JOURNAL_MIB: wholeFrom("a number of MiB", [1, maxJournalMib], maxJournalBytes / bytesPerMib),
  DURANIUM_RETENTION_DAYS: wholeFrom("a number of days", [1, retentionCeilingDays], defaultRetentionDays),
  DURANIUM_PORTABLE_COMPONENTS: z.enum(["on", "off"], 'must be "on" or "off"').default("off"),
  DURANIUM_LOG_FORMAT: z.enum(["text", "json"], 'must be "text" or "json"').default("text"),
  DURANIUM_ACCESS_LOG: z.enum(["on", "off"], 'must be "on" or "off"').default("on"),
  DURANIUM_TURN_TIMEOUT_MS: wholeFrom("a number of milliseconds", [1_000, 100_000], turnTimeoutMs),
  DURANIUM_DRAIN_TIMEOUT_SECONDS: wholeFrom("a number of seconds", [0, 3_600], drainTimeoutMs / 1_000),
});

type Variables = z.infer<typeof variables>;

/** An empty variable, as compose files leave them, is one that is not set. */
function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
}

/** What is ours and no variable of the server: the command line's, and the compose file's. */
const variablesOfOthers = ["DURANIUM_URL", "DURANIUM_API_KEY", "DURANIUM_PUBLISH"];

/** A name that is misspelled would be a default that the operator did not choose. */
function unknownNames(environment: Environment): readonly string[] {
  const known = new Set([...Object.keys(variables.shape), ...variablesOfOthers]);
  return Object.keys(environment).filter((name) => /^duranium_/i.test(name) && !known.has(name));
}

function describeUnknown(name: string): string {
  const nearest = closest(name.toUpperCase(), Object.keys(variables.shape));
  const isNear = distance(name.toUpperCase(), nearest) <= maxTypoDistance;
  const hint = isNear ? `did you mean ${nearest}?` : "docs/reference/configuration.md lists all variables";
  return `${name} is not a variable of Duranium: ${hint}`;
}

/** In letters to change: more, and the name that is nearest is a guess. */
const maxTypoDistance = 6;

function describeIssue(issue: z.core.$ZodIssue): string {
  return `${issue.path.join(".")} ${issue.message}`;
}

function assemble(given: Variables, environment: Environment): Config {
  const dataDir = resolve(given.DURANIUM_DATA_DIR);
  return {
    role: given.DURANIUM_ROLE,
    dataDir,
    databaseUrl: resolve(given.DURANIUM_DATABASE_URL ?? resolve(dataDir, "duranium.sqlite")),
    artifactsDir: resolve(given.DURANIUM_ARTIFACTS_DIR ?? resolve(dataDir, "artifacts")),
    enginesDir: resolve(given.DURANIUM_ENGINES_DIR ?? enginesOfRelease() ?? resolve(dataDir, "engines")),
    api: { host: given.HOST, port: given.PORT },
    publicUrl: given.DURANIUM_PUBLIC_URL ?? apiAddress(given),
    executor: {
      host: given.DURANIUM_EXECUTOR_HOST,
      port: given.DURANIUM_EXECUTOR_PORT,
      url: given.DURANIUM_EXECUTOR_URL ?? `http://127.0.0.1:${given.DURANIUM_EXECUTOR_PORT}`,
    },
    restate: restateOf(given, environment, dataDir),
    masterKey: given.DURANIUM_MASTER_KEY,
    masterKeyFile: resolve(dataDir, "master.key"),
    rootKey: given.DURANIUM_ROOT_KEY,
    packagesDir: given.DURANIUM_PACKAGES_DIR === undefined ? undefined : resolve(given.DURANIUM_PACKAGES_DIR),
    egressAllow: given.DURANIUM_EGRESS_ALLOW,
    workers: given.DURANIUM_WORKERS,
    rateLimits: {
      perKey: given.DURANIUM_RATE_LIMIT_PER_KEY,
      perAddress: given.DURANIUM_RATE_LIMIT_PER_ADDRESS,
    },
    maxSendsPerSecond: given.DURANIUM_MAX_SENDS_PER_SECOND,
    overload: {
      maxWaitingExecutions: given.DURANIUM_MAX_QUEUED_EXECUTIONS,
      maxStartDelayMs: given.DURANIUM_MAX_START_DELAY_MS,
      maxRequests: given.DURANIUM_MAX_REQUESTS,
      maxEventLoopDelayMs: given.DURANIUM_MAX_EVENT_LOOP_DELAY_MS,
      minFreeMemoryBytes: given.DURANIUM_MIN_FREE_MEMORY_MIB * MiB,
      minFreeDiskBytes: given.DURANIUM_MIN_FREE_DISK_MIB * MiB,
    },
    tracing: tracingOf(given),
    corsOrigins: given.DURANIUM_CORS_ORIGINS,
    trustedProxies: given.DURANIUM_TRUSTED_PROXIES,
    maxLimits: {
      ...defaultExecutionLimits,
      turnFuel: given.DURANIUM_MAX_TURN_FUEL,
      executionFuel: given.DURANIUM_MAX_EXECUTION_FUEL,
      memoryPages: given.DURANIUM_MAX_MEMORY_MIB * pagesPerMib,
      calls: given.DURANIUM_MAX_HOST_CALLS,
      journalBytes: given.DURANIUM_MAX_JOURNAL_MIB * bytesPerMib,
    },
    retentionHours: given.DURANIUM_RETENTION_DAYS * 24,
    turnTimeoutMs: given.DURANIUM_TURN_TIMEOUT_MS,
    drainTimeoutMs: given.DURANIUM_DRAIN_TIMEOUT_SECONDS * 1_000,
    portableComponents: given.DURANIUM_PORTABLE_COMPONENTS === "on",
    log: { format: given.DURANIUM_LOG_FORMAT, hasAccess: given.DURANIUM_ACCESS_LOG === "on" },
  };
}

/** A release that is installed as a package brings its engine along. A checkout has that folder too once it was packed. */
function enginesOfRelease(): string | undefined {
  const folder = fileURLToPath(new URL("../../engines", import.meta.url));
  return folder.includes("/node_modules/") && existsSync(folder) ? folder : undefined;
}

/** An address that takes connections from everywhere is none that anybody could connect to. */
function apiAddress({ HOST, PORT }: Variables): string {
  const host = HOST === "0.0.0.0" || HOST === "::" ? "127.0.0.1" : HOST;
  return `http://${host.includes(":") ? `[${host}]` : host}:${PORT}`;
}

function restateOf(
  given: Variables,
  environment: Environment,
  dataDir: string,
): EmbeddedRestate | ExternalRestate {
  const { RESTATE_INGRESS_URL: ingressUrl, RESTATE_ADMIN_URL: adminUrl } = given;
  const { RESTATE_IDENTITY_KEY: keyFile } = given;
  if (ingressUrl !== undefined && adminUrl !== undefined) {
    const identityKeyFile = keyFile === undefined ? undefined : resolve(keyFile);
    return { kind: "external", ingress: { url: ingressUrl }, admin: { url: adminUrl }, identityKeyFile };
  }
  if (ingressUrl !== undefined || adminUrl !== undefined) {
    throw new ConfigError(
      `${ingressUrl === undefined ? "RESTATE_INGRESS_URL" : "RESTATE_ADMIN_URL"} must be set too: an external Restate has both addresses`,
    );
  }
  if (given.DURANIUM_ROLE !== "all") {
    throw new ConfigError(
      `RESTATE_INGRESS_URL and RESTATE_ADMIN_URL must be set when DURANIUM_ROLE is "${given.DURANIUM_ROLE}": only "all" starts a Restate server`,
    );
  }
  return {
    kind: "embedded",
    identityKeyFile: resolve(keyFile ?? resolve(dataDir, "restate-identity.pem")),
    ...listenersOf(given, environment, dataDir),
    environment: restatesOwn(environment),
  };
}

/** Sockets in the data directory, which only its owner can reach, unless ports are asked for. */
function listenersOf(
  given: Variables,
  environment: Environment,
  dataDir: string,
): Pick<EmbeddedRestate, "ingress" | "admin" | "ports" | "isTooLongForSockets"> {
  const ports = {
    ingress: given.RESTATE_INGRESS_PORT,
    admin: given.RESTATE_ADMIN_PORT,
    node: given.RESTATE_NODE_PORT,
  };
  const sockets = resolve(dataDir, "restate", restateNodeName);
  const isTooLongForSockets = Buffer.byteLength(resolve(sockets, "ingress.sock")) > maxSocketPathBytes;
  const mode = given.RESTATE_LISTEN_MODE ?? (namesPort(environment) ? "tcp" : "unix");
  if (mode === "unix" && !isTooLongForSockets) {
    const at = (name: string) => ({ url: "http://restate", socketPath: resolve(sockets, `${name}.sock`) });
    return { ingress: at("ingress"), admin: at("admin"), ports: undefined, isTooLongForSockets };
  }
  if (given.RESTATE_LISTEN_MODE === "unix") throw new ConfigError(tooLongForSockets);
  return {
    ingress: { url: `http://127.0.0.1:${ports.ingress}` },
    admin: { url: `http://127.0.0.1:${ports.admin}` },
    ports,
    isTooLongForSockets: mode === "unix",
  };
}

/** As `restate.toml` has it. */
const restateNodeName = "duranium";

const tooLongForSockets =
  'DURANIUM_DATA_DIR must be a shorter path where RESTATE_LISTEN_MODE is "unix": Restate\'s sockets are in it, and their paths may have 103 bytes';

function namesPort(environment: Environment): boolean {
  const names = ["RESTATE_INGRESS_PORT", "RESTATE_ADMIN_PORT", "RESTATE_NODE_PORT"];
  return names.some((name) => (environment[name] ?? "") !== "");
}

/** `RESTATE_*` but for the names that are ours. */
function restatesOwn(environment: Environment): Record<string, string> {
  const ours = new Set(Object.keys(variables.shape));
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith("RESTATE_") && !ours.has(name) && value !== undefined) own[name] = value;
  }
  return own;
}
