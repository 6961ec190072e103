import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { MiB } from "../base/binary-units.ts";
import { defaultExecutionLimits } from "../domain/execution-limits.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { maxSocketPathBytes } from "../domain/limits.ts";
import type { RestateAddress } from "../restate/client/restate-address.ts";
import type { RestateAddresses } from "../restate/client/restate-client.ts";
import type { RestatePorts } from "../restate/server/restate-process.ts";
import type { BucketUrl } from "./bucket-url.ts";
import { credentialsOf } from "./object-storage.ts";
import type { ObjectStorageCredentials } from "./object-storage.ts";
import { tracingOf } from "./tracing.ts";
import type { TracingConfig } from "./tracing.ts";
import { environmentSchema, pagesPerMib } from "./variables.ts";
import { isPostgresUrl } from "./variable-types.ts";
import type { Variables } from "./variables.ts";

/**
 * The configuration, read once from the environment, validated and frozen. Only this file and the command line read
 * `process.env`. Every variable has a default that works on one machine; `variables.ts` describes them.
 */
export interface Config {
  readonly role: "all" | "api" | "executor";
  /** Absolute. SQLite, artifacts, engines, Restate's data and generated keys live here. */
  readonly dataDir: string;
  /** Absolute path of the SQLite database. Unused if the database is PostgreSQL. */
  readonly databaseUrl: string;
  /** The URL of PostgreSQL, with its password; `undefined` if the database is SQLite. */
  readonly postgresUrl: string | undefined;
  /** Absolute. Unused if artifacts are in a bucket. */
  readonly artifactsDir: string;
  /** The bucket of artifacts and engines; `undefined` if they are files. */
  readonly objectStorage: ObjectStorageConfig | undefined;
  /**
   * Absolute. Where engines are built, and where those of a release are found. If it is outside the data directory, the
   * data directory keeps a copy of each engine that was current.
   */
  readonly enginesDir: string;
  readonly api: { readonly host: string; readonly port: number };
  /** The public URL of the API, without a slash at its end. Callback URLs start with it. */
  readonly publicUrl: string;
  readonly executor: {
    readonly host: string;
    readonly port: number;
    readonly url: string;
    /** Processes on this machine that share the port. 1: the executor is part of the process that reads this. */
    readonly processes: number;
  };
  readonly restate: EmbeddedRestate | ExternalRestate;
  /** As the operator set it; parsed by `stores/data-directory/key-ring.ts`. */
  readonly masterKey: string | undefined;
  /** Absolute. The file of the master keys if the operator sets none. */
  readonly masterKeyFile: string;
  /** As the operator set it. Without one, the first start generates a root key. */
  readonly rootKey: string | undefined;
  /** Absolute. The `node_modules` folder from which deploys may take packages. */
  readonly packagesDir: string | undefined;
  /** The npm registry from which packages may be added. Its URL ends with a slash. */
  readonly packagesRegistry: { readonly url: string; readonly token?: string } | undefined;
  /** As the operator set it; parsed by `host/network/egress.ts`. */
  readonly egressAllow: string;
  /** The mail server of alerts, and the sender of its e-mails. */
  readonly smtp: { readonly url: string; readonly from: string } | undefined;
  /** JSON as the operator set it; parsed by `api/workflows/operator-rates.ts`. */
  readonly egressRate: string;
  /** Requests to the API in ten seconds. */
  readonly rateLimits: { readonly perKey: number; readonly perAddress: number };
  /** Executions of one workflow started by `ctx.send` per second. */
  readonly maxSendsPerSecond: number;
  /** Thresholds beyond which requests that create work are rejected. */
  readonly overload: {
    readonly maxWaitingExecutions: number;
    readonly maxStartDelayMs: number;
    readonly maxRequests: number;
    readonly maxEventLoopDelayMs: number;
    /** 0 disables the check. */
    readonly minFreeMemoryBytes: number;
    /** Free space in the file system of the data directory; 0 disables the check. */
    readonly minFreeDiskBytes: number;
  };
  /** Export of traces; `undefined` if tracing is off. */
  readonly tracing: TracingConfig | undefined;
  /** Origins whose pages may use the API from a browser; `*` allows any. */
  readonly corsOrigins: readonly string[];
  /** IP addresses and ranges whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  /** Worker threads of each executor process that run guests. */
  readonly workers: number | undefined;
  /** Estimated memory for compiled engines. */
  readonly compiledEngineBytes: number;
  /** The maximum that the settings of a workflow may allow its executions. */
  readonly maxLimits: ExecutionLimits;
  /** How long ended executions are retained, and the maximum that the settings of a workflow may say. */
  readonly retentionHours: number;
  /** Wall-clock limit of a turn. */
  readonly turnTimeoutMs: number;
  /** How long a stopping process waits for effects in flight, so that they need not be repeated. */
  readonly drainTimeoutMs: number;
  /** Interval between checks for schedules that lost their pending invocation. */
  readonly scheduleSweepMs: number;
  /** The share of ended executions that are replayed in the background, and how many per minute. */
  readonly shadow: { readonly share: number; readonly perMinute: number };
  /** True if versions can be downloaded as portable components, whose build evaluates workflows without a fuel limit. */
  readonly portableComponents: boolean;
  readonly log: {
    readonly format: "text" | "json";
    /** True if each request to the API is logged. */
    readonly hasAccess: boolean;
  };
}

/** A bucket, and the cache of its artifacts. */
export interface ObjectStorageConfig extends BucketUrl {
  readonly credentials: ObjectStorageCredentials;
  readonly cache: {
    /** Absolute. */
    readonly directory: string;
    readonly maxBytes: number;
  };
}

/** A Restate server that this process starts as a child. */
export interface EmbeddedRestate {
  readonly kind: "embedded";
  readonly ingress: RestateAddress;
  readonly admin: RestateAddress;
  /** Absolute. Generated at the first start. The server signs its requests to the executor with this key. */
  readonly identityKeyFile: string;
  /** `undefined` if it listens on Unix sockets in its data directory. */
  readonly ports: RestatePorts | undefined;
  /** True if it has ports only because the path of the data directory is too long for sockets. */
  readonly isTooLongForSockets: boolean;
  /** Restate's own variables (`RESTATE_WORKER__…`), passed on unchanged. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A Restate server or cluster that the operator runs. */
export interface ExternalRestate extends RestateAddresses {
  readonly kind: "external";
  /** Absolute. PEM of its request identity. Without it, the executor accepts unauthenticated requests. */
  readonly identityKeyFile: string | undefined;
}

/** The addresses at which clients reach Restate. */
export function addressesOf(restate: EmbeddedRestate | ExternalRestate): RestateAddresses {
  if (restate.kind === "external") return restate;
  return { ingress: [restate.ingress], admin: [restate.admin] };
}

/** The environment is not a valid configuration. The message has one line per invalid variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {ConfigError} */
export function readConfig(environment: Environment = process.env): Config {
  const parsed = environmentSchema.safeParse(withoutEmpty(environment));
  const problems = [
    ...(parsed.error?.issues ?? []).map(describeIssue),
    ...unknownNames(withoutEmpty(environment)).map(describeUnknown),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems.join("\n"));
  return Object.freeze(assemble(parsed.data, environment));
}

/** The configuration of the environment, with some of its variables replaced. */
export function readConfigWith(variables: Environment): Config {
  return readConfig({ ...process.env, ...variables });
}

/** The log format, which is needed before the configuration is read: to report that it is invalid. */
export function readLogFormat(environment: Environment = process.env): Config["log"]["format"] {
  return environment["DURANIUM_LOG_FORMAT"] === "json" ? "json" : "text";
}

/** The data directory, if the environment names one. */
export function readDataDir(environment: Environment = process.env): string | undefined {
  return withoutEmpty(environment)["DURANIUM_DATA_DIR"];
}

/** An empty variable, as compose files set them, counts as unset. */
function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
}

/** Variables of the command line and of the compose file, which the server ignores. */
const variablesOfOthers = ["DURANIUM_URL", "DURANIUM_API_KEY", "DURANIUM_PUBLISH"];

/** Misspelled names. Ignoring them would silently apply a default. */
function unknownNames(environment: Environment): readonly string[] {
  const known = new Set([...Object.keys(environmentSchema.shape), ...variablesOfOthers]);
  return Object.keys(environment).filter((name) => /^duranium_/i.test(name) && !known.has(name));
}

function describeUnknown(name: string): string {
  const nearest = closest(name.toUpperCase(), Object.keys(environmentSchema.shape));
  const isNear = distance(name.toUpperCase(), nearest) <= maxTypoDistance;
  const hint = isNear ? `Did you mean ${nearest}?` : "See docs/reference/configuration.md";
  return `Unknown variable ${name}. ${hint}`;
}

/** An edit distance beyond which the nearest name is not worth suggesting. */
const maxTypoDistance = 6;

function describeIssue(issue: z.core.$ZodIssue): string {
  return `${issue.path.join(".")} ${issue.message}`;
}

function assemble(given: Variables, environment: Environment): Config {
  const dataDir = resolve(given.DURANIUM_DATA_DIR);
  return {
    role: given.DURANIUM_ROLE,
    dataDir,
    ...databaseOf(given, dataDir),
    ...artifactsOf(given, dataDir),
    enginesDir: resolve(given.DURANIUM_ENGINES_DIR ?? enginesOfRelease() ?? resolve(dataDir, "engines")),
    api: { host: given.HOST, port: given.PORT },
    publicUrl: given.DURANIUM_PUBLIC_URL ?? apiAddress(given),
    executor: {
      host: given.DURANIUM_EXECUTOR_HOST,
      port: given.DURANIUM_EXECUTOR_PORT,
      url: given.DURANIUM_EXECUTOR_URL ?? `http://127.0.0.1:${given.DURANIUM_EXECUTOR_PORT}`,
      processes: given.DURANIUM_EXECUTOR_PROCESSES,
    },
    restate: restateOf(given, environment, dataDir),
    masterKey: given.DURANIUM_MASTER_KEY,
    masterKeyFile: resolve(dataDir, "master.key"),
    rootKey: given.DURANIUM_ROOT_KEY,
    ...packagesOf(given),
    egressAllow: given.DURANIUM_EGRESS_ALLOW,
    smtp: smtpOf(given),
    egressRate: given.DURANIUM_EGRESS_RATE,
    ...sandboxOf(given),
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
      journalBytes: given.DURANIUM_MAX_JOURNAL_MIB * MiB,
    },
    retentionHours: given.DURANIUM_RETENTION_DAYS * 24,
    scheduleSweepMs: given.DURANIUM_SCHEDULE_SWEEP_MS,
    shadow: {
      share: given.DURANIUM_SHADOW_REPLAY_PERCENT / 100,
      perMinute: given.DURANIUM_SHADOW_REPLAYS_PER_MINUTE,
    },
    drainTimeoutMs: given.DURANIUM_DRAIN_TIMEOUT_SECONDS * 1_000,
    portableComponents: given.DURANIUM_PORTABLE_COMPONENTS === "on",
    log: { format: given.DURANIUM_LOG_FORMAT, hasAccess: given.DURANIUM_ACCESS_LOG === "on" },
  };
}

function databaseOf(given: Variables, dataDir: string): Pick<Config, "databaseUrl" | "postgresUrl"> {
  const { DURANIUM_DATABASE_URL: url, DURANIUM_MASTER_KEY: masterKey } = given;
  const ownFile = resolve(dataDir, "duranium.sqlite");
  if (url === undefined || !isPostgresUrl(url))
    return { databaseUrl: resolve(url ?? ownFile), postgresUrl: undefined };
  if (masterKey === undefined)
    throw new ConfigError(
      "DURANIUM_MASTER_KEY must be set if DURANIUM_DATABASE_URL is PostgreSQL: all processes encrypt with the same key",
    );
  return { databaseUrl: ownFile, postgresUrl: url };
}

function artifactsOf(given: Variables, dataDir: string): Pick<Config, "artifactsDir" | "objectStorage"> {
  const { DURANIUM_ARTIFACTS_URL: url, DURANIUM_ARTIFACTS_DIR: folder } = given;
  const artifactsDir = resolve(folder ?? resolve(dataDir, "artifacts"));
  if (url === undefined) return { artifactsDir, objectStorage: undefined };
  if (folder !== undefined)
    throw new ConfigError(
      "DURANIUM_ARTIFACTS_URL and DURANIUM_ARTIFACTS_DIR are both set: remove one of them",
    );
  const maxBytes = given.DURANIUM_ARTIFACTS_CACHE_MIB * MiB;
  const cache = { directory: resolve(dataDir, "artifact-cache"), maxBytes };
  const credentials = credentialsOf(given, url.region);
  return { artifactsDir, objectStorage: { ...url, credentials, cache } };
}

function packagesOf(given: Variables): Pick<Config, "packagesDir" | "packagesRegistry"> {
  const { DURANIUM_PACKAGES_DIR: folder, DURANIUM_PACKAGES_REGISTRY: url } = given;
  const token = given.DURANIUM_PACKAGES_REGISTRY_TOKEN;
  const registry = url && { url: url.endsWith("/") ? url : `${url}/`, ...(token && { token }) };
  return {
    packagesDir: folder === undefined ? undefined : resolve(folder),
    packagesRegistry: registry === "" ? undefined : registry,
  };
}

function smtpOf(given: Variables): Config["smtp"] {
  const { DURANIUM_SMTP_URL: url, DURANIUM_SMTP_FROM: from, DURANIUM_PUBLIC_URL: publicUrl } = given;
  if (url === undefined) return undefined;
  const host = new URL(publicUrl ?? apiAddress(given)).hostname;
  return { url, from: from ?? `duranium@${host}` };
}

function sandboxOf(given: Variables): Pick<Config, "workers" | "compiledEngineBytes" | "turnTimeoutMs"> {
  return {
    workers: given.DURANIUM_WORKERS ?? threadsPerProcess(given.DURANIUM_EXECUTOR_PROCESSES),
    compiledEngineBytes: given.DURANIUM_ENGINE_MEMORY_MIB * MiB,
    turnTimeoutMs: given.DURANIUM_TURN_TIMEOUT_MS,
  };
}

/** Undefined for one process, whose sandbox leaves a core to its main thread. */
function threadsPerProcess(processes: number): number | undefined {
  return processes === 1 ? undefined : Math.max(1, Math.floor(availableParallelism() / processes));
}

/** The engines of a release that is installed as a package. A checkout has that folder too once it was packed. */
function enginesOfRelease(): string | undefined {
  const folder = fileURLToPath(new URL("../../engines", import.meta.url));
  return folder.includes("/node_modules/") && existsSync(folder) ? folder : undefined;
}

/** A wildcard address accepts connections, but no client can connect to it. */
function apiAddress({ HOST, PORT }: Variables): string {
  const host = HOST === "0.0.0.0" || HOST === "::" ? "127.0.0.1" : HOST;
  return `http://${host.includes(":") ? `[${host}]` : host}:${PORT}`;
}

function restateOf(
  given: Variables,
  environment: Environment,
  dataDir: string,
): EmbeddedRestate | ExternalRestate {
  const { RESTATE_INGRESS_URL: ingressUrls, RESTATE_ADMIN_URL: adminUrls } = given;
  const { RESTATE_IDENTITY_KEY: keyFile } = given;
  if (ingressUrls !== undefined && adminUrls !== undefined) {
    return {
      kind: "external",
      ingress: ingressUrls.map((url) => ({ url })),
      admin: adminUrls.map((url) => ({ url })),
      identityKeyFile: keyFile === undefined ? undefined : resolve(keyFile),
    };
  }
  if (ingressUrls !== undefined || adminUrls !== undefined) {
    throw new ConfigError(
      `${ingressUrls === undefined ? "RESTATE_INGRESS_URL" : "RESTATE_ADMIN_URL"} must be set too: an external Restate server needs both URLs`,
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

/** Sockets in the data directory, which only its owner can reach, unless the operator asks for ports. */
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

/** Must match `restate.toml`. */
const restateNodeName = "duranium";

const tooLongForSockets =
  'DURANIUM_DATA_DIR must be a shorter path if RESTATE_LISTEN_MODE is "unix": the paths of Restate\'s sockets in it are limited to 103 bytes';

function namesPort(environment: Environment): boolean {
  const names = ["RESTATE_INGRESS_PORT", "RESTATE_ADMIN_PORT", "RESTATE_NODE_PORT"];
  return names.some((name) => (environment[name] ?? "") !== "");
}

/** The variables `RESTATE_*` that are not Duranium's. */
function restatesOwn(environment: Environment): Record<string, string> {
  const ours = new Set(Object.keys(environmentSchema.shape));
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith("RESTATE_") && !ours.has(name) && value !== undefined) own[name] = value;
  }
  return own;
}
