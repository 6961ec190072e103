import { z } from "zod";
import { MiB } from "../base/binary-units.ts";
import {
  defaultRetentionDays,
  maxCallsPerExecution,
  maxExecutionFuel,
  maxJournalBytes,
  maxMemoryPages,
  maxTurnFuel,
  memoryCeilingPages,
  turnTimeoutMs,
} from "../domain/limits.ts";
import { maxCompiledEngineBytes } from "../domain/engines/limits.ts";
import { maxSendsPerSecond } from "../restate/endpoint/limits.ts";
import {
  artifactCacheBytes,
  callsCeiling,
  drainTimeoutMs,
  scheduleSweepMs,
  shadowReplaysPerMinute,
  journalCeilingBytes,
  maxConcurrentRequests,
  maxEventLoopDelayMs,
  maxStartDelayMs,
  maxWaitingExecutions,
  minFreeDiskBytes,
  minFreeMemoryBytes,
  retentionCeilingDays,
} from "./limits.ts";
import { bucketUrl } from "./bucket-url.ts";
import { tracingVariables } from "./tracing.ts";
import {
  databaseUrl,
  fuel,
  headerToken,
  httpUrl,
  httpUrls,
  list,
  numberOrCores,
  onOff,
  origins,
  port,
  registryUrl,
  smtpUrl,
  wholeNumber,
} from "./variable-types.ts";

export type VariableGroup =
  | "Processes and ports"
  | "Data and keys"
  | "Object storage"
  | "Restate"
  | "API"
  | "Workflows"
  | "Limits of executions"
  | "Alerts"
  | "Overload and shutdown"
  | "Logs and traces";

/** An environment variable. Its name, type, default and documentation stand here and nowhere else. */
export interface Variable {
  readonly group: VariableGroup;
  readonly schema: z.ZodType;
  /** The default as Markdown, where the schema has none or its value is not what a reader expects. */
  readonly default?: string;
  /** Markdown. Links are relative to `docs/reference/`. */
  readonly description: string;
}

export const pagesPerMib = 16;
/** An engine takes most of it before the workflow starts. */
const minMemoryMib = 16;

/** Other systems report unused memory, of which a healthy machine has little. */
const freeMemoryMib = process.platform === "linux" ? minFreeMemoryBytes / MiB : 0;

/** `docs/reference/configuration.md` is generated from this table by `npm run docs:reference`. */
export const variables = {
  PORT: {
    group: "Processes and ports",
    schema: port(3000),
    description: "port of the API; a separate executor serves `/healthz`, `/readyz` and `/metrics` there",
  },
  HOST: {
    group: "Processes and ports",
    schema: z.string().default("127.0.0.1"),
    description: "IP address on which the API listens",
  },
  DURANIUM_PUBLIC_URL: {
    group: "Processes and ports",
    schema: httpUrl.optional(),
    default: "`http://` with the API's host and port",
    description: "public URL of the API; callback URLs start with it",
  },
  DURANIUM_ROLE: {
    group: "Processes and ports",
    schema: z.enum(["all", "api", "executor"], 'must be "all", "api" or "executor"').default("all"),
    description: "`api` or `executor` to run them as separate processes",
  },
  DURANIUM_EXECUTOR_PORT: {
    group: "Processes and ports",
    schema: port(9080),
    description: "port on which Restate calls the executor",
  },
  DURANIUM_EXECUTOR_HOST: {
    group: "Processes and ports",
    schema: z.string().default("127.0.0.1"),
    description: "IP address on which the executor listens",
  },
  DURANIUM_EXECUTOR_URL: {
    group: "Processes and ports",
    schema: httpUrl.optional(),
    default: "`http://127.0.0.1:` with the port",
    description: "URL at which Restate reaches the executor",
  },
  DURANIUM_EXECUTOR_PROCESSES: {
    group: "Processes and ports",
    schema: numberOrCores("a number of processes", { min: 1, max: 64 }).default(1),
    description:
      "executor processes on this machine, which share the executor's port, or `auto` for one per core; with more than one, each takes part of the executions, and the API has a process of its own",
  },
  DURANIUM_WORKERS: {
    group: "Processes and ports",
    schema: wholeNumber("a number of threads", { min: 1, max: 64 }).optional(),
    default: "number of cores minus one; with several executor processes, of cores per process",
    description: "threads of each executor process that run workflows",
  },
  DURANIUM_ENGINE_MEMORY_MIB: {
    group: "Processes and ports",
    schema: wholeNumber("a number of MiB", { min: 0 }).default(maxCompiledEngineBytes / MiB),
    description:
      "estimated memory for compiled engines, of languages and of `.wasm` workflows; those used least recently are compiled again when they are needed",
  },

  DURANIUM_DATA_DIR: {
    group: "Data and keys",
    schema: z.string().default("./data"),
    description: "directory for everything that is stored: SQLite, artifacts, engines, Restate's data",
  },
  DURANIUM_ROOT_KEY: {
    group: "Data and keys",
    schema: z.string().min(24, "must have 24 characters or more").optional(),
    default: "generated and printed at the first start",
    description: "the root API key, 24 characters or more",
  },
  DURANIUM_MASTER_KEY: {
    group: "Data and keys",
    schema: z.string().optional(),
    default: "generated in the data directory",
    description:
      "key that encrypts secrets: 32 bytes in base64; during a rotation several, the current one first",
  },
  DURANIUM_DATABASE_URL: {
    group: "Data and keys",
    schema: databaseUrl.optional(),
    default: "`file:` in the data directory",
    description:
      "the database: SQLite in a `file:`, or `postgres://user:password@host:5432,host:5432/name?sslmode=…`. With PostgreSQL, `DURANIUM_MASTER_KEY` is required",
  },
  DURANIUM_ARTIFACTS_DIR: {
    group: "Data and keys",
    schema: z
      .string()
      .regex(/^(?![a-z]+:)/, "must be a folder, not a URL")
      .optional(),
    default: "`artifacts` in the data directory",
    description: "where images, bundles and source maps are stored",
  },
  DURANIUM_ARTIFACTS_URL: {
    group: "Data and keys",
    schema: bucketUrl.optional(),
    default: "unset: they are files",
    description:
      "bucket for artifacts and engines, instead of a folder: `s3://bucket/prefix?region=eu-central-1`, of a service other than Amazon S3 with `&endpoint=https://s3.example.com`; see [Object storage](../operating/object-storage.md)",
  },
  DURANIUM_ARTIFACTS_CACHE_MIB: {
    group: "Data and keys",
    schema: wholeNumber("a number of MiB", { min: 16 }).default(artifactCacheBytes / MiB),
    description: "maximum size of the cache of this bucket in the data directory",
  },
  DURANIUM_ENGINES_DIR: {
    group: "Data and keys",
    schema: z.string().optional(),
    default: "`engines` in the data directory",
    description:
      "where engines are built and found, and `*.engine` files that are added at a start; the data directory keeps a copy of each built engine that was current",
  },

  AWS_ACCESS_KEY_ID: {
    group: "Object storage",
    schema: z.string().optional(),
    default: "unset: the role of the container or the instance",
    description: "access key for `DURANIUM_ARTIFACTS_URL`",
  },
  AWS_SECRET_ACCESS_KEY: {
    group: "Object storage",
    schema: z.string().optional(),
    default: "unset",
    description: "secret of the access key",
  },
  AWS_SESSION_TOKEN: {
    group: "Object storage",
    schema: z.string().optional(),
    default: "unset",
    description: "session token, if the access key is temporary",
  },
  AWS_ACCESS_KEY_ID_FILE: {
    group: "Object storage",
    schema: z.string().optional(),
    default: "unset",
    description: "file with the access key, read again every minute, as are the next two",
  },
  AWS_SECRET_ACCESS_KEY_FILE: {
    group: "Object storage",
    schema: z.string().optional(),
    default: "unset",
    description: "file with its secret",
  },
  AWS_SESSION_TOKEN_FILE: {
    group: "Object storage",
    schema: z.string().optional(),
    default: "unset",
    description: "file with the session token",
  },
  AWS_ROLE_ARN: {
    group: "Object storage",
    schema: z.string().optional(),
    default: "unset; set by Amazon EKS",
    description: "role whose credentials are requested with the token",
  },
  AWS_WEB_IDENTITY_TOKEN_FILE: {
    group: "Object storage",
    schema: z.string().optional(),
    default: "unset; set by Amazon EKS",
    description: "file with the token of an identity provider",
  },
  AWS_ENDPOINT_URL_STS: {
    group: "Object storage",
    schema: httpUrl.optional(),
    default: "`https://sts.<region>.amazonaws.com`",
    description: "service that exchanges the token",
  },
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: {
    group: "Object storage",
    schema: z.string().startsWith("/", "must begin with /").optional(),
    default: "unset; set by Amazon ECS",
    description: "path of the credentials of the container",
  },
  AWS_CONTAINER_CREDENTIALS_FULL_URI: {
    group: "Object storage",
    schema: httpUrl.optional(),
    default: "unset; set by EKS Pod Identity",
    description: "URL of the credentials of the container",
  },
  AWS_CONTAINER_AUTHORIZATION_TOKEN: {
    group: "Object storage",
    schema: headerToken.optional(),
    default: "unset",
    description: "token for this URL",
  },
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: {
    group: "Object storage",
    schema: z.string().optional(),
    default: "unset; set by EKS Pod Identity",
    description: "file with the token for this URL",
  },

  RESTATE_INGRESS_URL: {
    group: "Restate",
    schema: httpUrls.optional(),
    default: "unset: an embedded server is started",
    description: "ingress of an external Restate server; of each node of a cluster, separated by commas",
  },
  RESTATE_ADMIN_URL: {
    group: "Restate",
    schema: httpUrls.optional(),
    default: "unset: an embedded server is started",
    description: "admin API of an external Restate server; of each node of a cluster, separated by commas",
  },
  RESTATE_IDENTITY_KEY: {
    group: "Restate",
    schema: z.string().optional(),
    default: "generated in the data directory",
    description:
      "PEM file of the key with which Restate signs requests to the executor; the public key for an external server",
  },
  RESTATE_LISTEN_MODE: {
    group: "Restate",
    schema: z.enum(["unix", "tcp"], 'must be "unix" or "tcp"').optional(),
    default: "`unix`; `tcp` if a port is set",
    description:
      "where the embedded server listens: Unix sockets in the data directory, or loopback ports, which every local user can reach without a key",
  },
  RESTATE_INGRESS_PORT: {
    group: "Restate",
    schema: port(8080),
    description: "with `tcp`: ingress of the embedded server",
  },
  RESTATE_ADMIN_PORT: {
    group: "Restate",
    schema: port(9070),
    description: "with `tcp`: admin API of the embedded server",
  },
  RESTATE_NODE_PORT: {
    group: "Restate",
    schema: port(5122),
    description: "with `tcp`: port for other Restate nodes, and for Restate's metrics",
  },

  DURANIUM_RATE_LIMIT_PER_KEY: {
    group: "API",
    schema: wholeNumber("a number of requests", { min: 1 }).default(10_000),
    description: "requests per API key in ten seconds",
  },
  DURANIUM_RATE_LIMIT_PER_ADDRESS: {
    group: "API",
    schema: wholeNumber("a number of requests", { min: 1 }).default(1_000),
    description: "requests per IP address without a valid key in ten seconds; health checks do not count",
  },
  DURANIUM_CORS_ORIGINS: {
    group: "API",
    schema: origins,
    default: "none",
    description:
      "origins whose pages may use the API with a key: `https://dashboard.example`, several separated by commas, or `*`",
  },
  DURANIUM_TRUSTED_PROXIES: {
    group: "API",
    schema: list,
    default: "none",
    description: "IP addresses and ranges whose `X-Forwarded-For` is trusted: `10.0.0.0/8, loopback`",
  },

  DURANIUM_EGRESS_ALLOW: {
    group: "Workflows",
    schema: z.string().default(""),
    default: "empty",
    description:
      "destinations outside the public internet that workflows may fetch from: `10.0.0.0/8:*,localhost:3000`",
  },
  DURANIUM_EGRESS_RATE: {
    group: "Workflows",
    schema: z.string().default(""),
    default: "empty",
    description:
      "how often all workflows together may request hosts, as JSON: " +
      '`{"api.example.com": {"limit": 10, "period": "1s", "concurrency": 2}}`; see [Request rates](../guides/request-rates.md)',
  },
  DURANIUM_PACKAGES_DIR: {
    group: "Workflows",
    schema: z.string().optional(),
    default: "unset: deploys bring their packages",
    description:
      "a `node_modules` folder from which sources may take packages; see [Packages](../guides/packages-and-modules.md)",
  },
  DURANIUM_PACKAGES_REGISTRY: {
    group: "Workflows",
    schema: registryUrl.optional(),
    default: "unset: nothing is downloaded",
    description:
      "URL of an npm registry from which packages may be added by name, as `https://npm.example.com`",
  },
  DURANIUM_PACKAGES_REGISTRY_TOKEN: {
    group: "Workflows",
    schema: headerToken.optional(),
    default: "unset",
    description: "token that this registry requires",
  },
  DURANIUM_PORTABLE_COMPONENTS: {
    group: "Workflows",
    schema: onOff.default("off"),
    description:
      "`on`: keys with the scope `components:build` may download versions as components, which are built without a fuel limit",
  },
  DURANIUM_RETENTION_DAYS: {
    group: "Workflows",
    schema: wholeNumber("a number of days", { min: 1, max: retentionCeilingDays }).default(
      defaultRetentionDays,
    ),
    description: `how long executions are retained after their end, up to ${retentionCeilingDays}; a workflow's settings may shorten it`,
  },
  DURANIUM_MAX_SENDS_PER_SECOND: {
    group: "Workflows",
    schema: wholeNumber("a number of executions", { min: 1 }).default(maxSendsPerSecond),
    description:
      "executions of one workflow started by `ctx.send` per second; the rest start in a later second",
  },
  DURANIUM_SHADOW_REPLAY_PERCENT: {
    group: "Workflows",
    schema: wholeNumber("a percentage", { min: 0, max: 100 }).default(0),
    description:
      "share of ended executions that are replayed on their own version in the background, to verify that they are deterministic",
  },
  DURANIUM_SHADOW_REPLAYS_PER_MINUTE: {
    group: "Workflows",
    schema: wholeNumber("a number of replays", { min: 1, max: 600 }).default(shadowReplaysPerMinute),
    description: "maximum of these replays per minute and process",
  },

  DURANIUM_MAX_TURN_FUEL: {
    group: "Limits of executions",
    schema: fuel(maxTurnFuel),
    default: `\`${maxTurnFuel / 1e9}e9\``,
    description: "fuel of one turn",
  },
  DURANIUM_MAX_EXECUTION_FUEL: {
    group: "Limits of executions",
    schema: fuel(maxExecutionFuel),
    default: `\`${maxExecutionFuel / 1e9}e9\``,
    description: "fuel of an execution",
  },
  DURANIUM_MAX_MEMORY_MIB: {
    group: "Limits of executions",
    schema: wholeNumber("a number of MiB", {
      min: minMemoryMib,
      max: memoryCeilingPages / pagesPerMib,
    }).default(maxMemoryPages / pagesPerMib),
    description: `memory of an execution, up to ${memoryCeilingPages / pagesPerMib}`,
  },
  DURANIUM_MAX_HOST_CALLS: {
    group: "Limits of executions",
    schema: wholeNumber("a number of host calls", { min: 1, max: callsCeiling }).default(
      maxCallsPerExecution,
    ),
    description: `host calls of an execution, up to ${callsCeiling}`,
  },
  DURANIUM_MAX_JOURNAL_MIB: {
    group: "Limits of executions",
    schema: wholeNumber("a number of MiB", { min: 1, max: journalCeilingBytes / MiB }).default(
      maxJournalBytes / MiB,
    ),
    description: `journal size of an execution, up to ${journalCeilingBytes / MiB}`,
  },
  DURANIUM_TURN_TIMEOUT_MS: {
    group: "Limits of executions",
    schema: wholeNumber("a number of milliseconds", { min: 1_000, max: 100_000 }).default(turnTimeoutMs),
    description:
      "wall-clock limit of a turn, after which its thread is terminated; far above what fuel allows",
  },

  DURANIUM_SMTP_URL: {
    group: "Alerts",
    schema: smtpUrl.optional(),
    default: "unset: rules cannot send e-mails",
    description:
      "mail server for [alerts](../guides/alerts.md): `smtp://user:password@mail.example:587`, or `smtps:` for TLS from the start",
  },
  DURANIUM_SMTP_FROM: {
    group: "Alerts",
    schema: z.string().max(320).optional(),
    default: "`duranium@` with the host of the public URL",
    description: "sender of these e-mails: `Duranium <alerts@example.com>`",
  },

  DURANIUM_MAX_QUEUED_EXECUTIONS: {
    group: "Overload and shutdown",
    schema: wholeNumber("a number of executions", { min: 1 }).default(maxWaitingExecutions),
    description:
      "executions that are accepted but not started; above it, new ones are [rejected](../decisions/0074-overload.md)",
  },
  DURANIUM_MAX_START_DELAY_MS: {
    group: "Overload and shutdown",
    schema: wholeNumber("a number of milliseconds", { min: 1 }).default(maxStartDelayMs),
    description: "how long the oldest of them may have waited before new ones are rejected",
  },
  DURANIUM_MAX_REQUESTS: {
    group: "Overload and shutdown",
    schema: wholeNumber("a number of requests", { min: 1 }).default(maxConcurrentRequests),
    description:
      "concurrent requests; twice as many for requests that start no execution; another 1,000 may wait by `Prefer: wait`, 250 per key",
  },
  DURANIUM_MAX_EVENT_LOOP_DELAY_MS: {
    group: "Overload and shutdown",
    schema: wholeNumber("a number of milliseconds", { min: 1 }).default(maxEventLoopDelayMs),
    description: "average event loop delay over one second above which executions are rejected",
  },
  DURANIUM_MIN_FREE_MEMORY_MIB: {
    group: "Overload and shutdown",
    schema: wholeNumber("a number of MiB", { min: 0 }).default(freeMemoryMib),
    default: `\`${minFreeMemoryBytes / MiB}\` on Linux, else \`0\``,
    description: "free memory of the machine below which executions are rejected; 0 disables the check",
  },
  DURANIUM_MIN_FREE_DISK_MIB: {
    group: "Overload and shutdown",
    schema: wholeNumber("a number of MiB", { min: 0 }).default(minFreeDiskBytes / MiB),
    description:
      "free disk space below which the process is not ready and rejects executions; 0 disables the check",
  },
  DURANIUM_SCHEDULE_SWEEP_MS: {
    group: "Overload and shutdown",
    schema: wholeNumber("a number of milliseconds", { min: 100, max: 600_000 }).default(scheduleSweepMs),
    description:
      "interval between checks for schedules whose pending invocation was lost; each found is armed again",
  },
  DURANIUM_DRAIN_TIMEOUT_SECONDS: {
    group: "Overload and shutdown",
    schema: wholeNumber("a number of seconds", { min: 0, max: 3_600 }).default(drainTimeoutMs / 1_000),
    description: "how long a stopping process waits for fetches in flight, so that they need not be repeated",
  },

  DURANIUM_LOG_FORMAT: {
    group: "Logs and traces",
    schema: z.enum(["text", "json"], 'must be "text" or "json"').default("text"),
    description: "`json`: every log line is JSON with `level`, `time` and `msg`",
  },
  DURANIUM_ACCESS_LOG: {
    group: "Logs and traces",
    schema: onOff.default("on"),
    description: "`off`: requests are not logged; health checks and tokens never are",
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    group: "Logs and traces",
    schema: tracingVariables.OTEL_EXPORTER_OTLP_ENDPOINT,
    default: "unset: tracing is off",
    description:
      "collector that receives [traces](../operating/monitoring.md#traces): `http://127.0.0.1:4318`",
  },
  OTEL_SERVICE_NAME: {
    group: "Logs and traces",
    schema: tracingVariables.OTEL_SERVICE_NAME,
    default: "`duranium`",
    description: "service name in traces",
  },
  DURANIUM_TRACE_RATIO: {
    group: "Logs and traces",
    schema: tracingVariables.DURANIUM_TRACE_RATIO,
    description: "fraction of new traces that is sampled, from 0 to 1",
  },
} as const satisfies Readonly<Record<string, Variable>>;

type Schemas = { readonly [Name in keyof typeof variables]: (typeof variables)[Name]["schema"] };

/** Every variable with its type, those of OpenTelemetry included. */
export const environmentSchema = z.object({
  ...tracingVariables,
  ...(Object.fromEntries(Object.entries(variables).map(([name, { schema }]) => [name, schema])) as Schemas),
});

export type Variables = z.output<typeof environmentSchema>;
