import { resolve } from "node:path";
import { z } from "zod";

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
  /** Absolute. Where engines are kept: what a build leaves there is found at the next start. */
  readonly enginesDir: string;
  readonly api: { readonly host: string; readonly port: number };
  /** Where others reach the API: the URLs of callbacks begin with it. Without a slash at its end. */
  readonly publicUrl: string;
  readonly executor: { readonly host: string; readonly port: number; readonly url: string };
  readonly restate: EmbeddedRestate | ExternalRestate;
  /** Given by the operator; otherwise one is made on the first start. */
  readonly rootKey: string | undefined;
  /** Absolute. The `node_modules` folder that deploys may take packages from; without it there are none. */
  readonly packagesDir: string | undefined;
  /** Unparsed: `host/egress.ts` knows the syntax. */
  readonly egressAllow: string;
  /** Worker threads that run guests. */
  readonly workers: number | undefined;
}

interface RestateUrls {
  readonly ingressUrl: string;
  readonly adminUrl: string;
}

/** A Restate server that is started as a child. */
export interface EmbeddedRestate extends RestateUrls {
  readonly kind: "embedded";
  readonly ingressPort: number;
  readonly adminPort: number;
  readonly nodePort: number;
  /** Restate's own variables (`RESTATE_WORKER__…`), handed through as they are. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A Restate server or cluster that somebody else runs. */
export interface ExternalRestate extends RestateUrls {
  readonly kind: "external";
}

/** The environment does not describe a configuration: one line per variable, which each names. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {ConfigError} */
export function readConfig(environment: Environment = process.env): Config {
  const parsed = variables.safeParse(withoutEmpty(environment));
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(describeIssue).join("\n"));
  return Object.freeze(assemble(parsed.data, environment));
}

const port = (fallback: number) =>
  z.coerce
    .number("must be a port number")
    .int("must be a whole number")
    .min(1, "must be a port from 1 to 65535")
    .max(65_535, "must be a port from 1 to 65535")
    .default(fallback);

const url = z
  .url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" })
  .transform((text) => text.replace(/\/+$/, ""));

const fileUrl = z
  .string()
  .regex(/^file:.+/, 'must be a "file:" URL: other stores are not supported')
  .transform((text) => text.slice("file:".length).replace(/^\/\/(?=\/)/, ""));

const variables = z.object({
  PORT: port(3000),
  HOST: z.string().default("127.0.0.1"),
  DURANIUM_DATA_DIR: z.string().default("./data"),
  DURANIUM_ENGINES_DIR: z.string().optional(),
  DURANIUM_ROOT_KEY: z.string().min(24, "must have 24 characters or more").optional(),
  DURANIUM_DATABASE_URL: fileUrl.optional(),
  DURANIUM_ARTIFACTS_URL: fileUrl.optional(),
  DURANIUM_PUBLIC_URL: url.optional(),
  RESTATE_INGRESS_URL: url.optional(),
  RESTATE_ADMIN_URL: url.optional(),
  RESTATE_INGRESS_PORT: port(8080),
  RESTATE_ADMIN_PORT: port(9070),
  RESTATE_NODE_PORT: port(5122),
  DURANIUM_EXECUTOR_HOST: z.string().default("127.0.0.1"),
  DURANIUM_EXECUTOR_PORT: port(9080),
  DURANIUM_EXECUTOR_URL: url.optional(),
  DURANIUM_ROLE: z.enum(["all", "api", "executor"], 'must be "all", "api" or "executor"').default("all"),
  DURANIUM_PACKAGES: z.string().optional(),
  DURANIUM_EGRESS_ALLOW: z.string().default(""),
  DURANIUM_WORKERS: z.coerce
    .number("must be a number of threads")
    .int("must be a whole number")
    .min(1, "must be from 1 to 64")
    .max(64, "must be from 1 to 64")
    .optional(),
});

type Variables = z.infer<typeof variables>;

/** An empty variable, as compose files leave them, is one that is not set. */
function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
}

function describeIssue(issue: z.core.$ZodIssue): string {
  return `${issue.path.join(".")} ${issue.message}`;
}

function assemble(given: Variables, environment: Environment): Config {
  const dataDir = resolve(given.DURANIUM_DATA_DIR);
  return {
    role: given.DURANIUM_ROLE,
    dataDir,
    databaseUrl: resolve(given.DURANIUM_DATABASE_URL ?? resolve(dataDir, "duranium.sqlite")),
    artifactsDir: resolve(given.DURANIUM_ARTIFACTS_URL ?? resolve(dataDir, "artifacts")),
    enginesDir: resolve(given.DURANIUM_ENGINES_DIR ?? resolve(dataDir, "engines")),
    api: { host: given.HOST, port: given.PORT },
    publicUrl: given.DURANIUM_PUBLIC_URL ?? apiAddress(given),
    executor: {
      host: given.DURANIUM_EXECUTOR_HOST,
      port: given.DURANIUM_EXECUTOR_PORT,
      url: given.DURANIUM_EXECUTOR_URL ?? `http://127.0.0.1:${given.DURANIUM_EXECUTOR_PORT}`,
    },
    restate: restateOf(given, environment),
    rootKey: given.DURANIUM_ROOT_KEY,
    packagesDir: given.DURANIUM_PACKAGES === undefined ? undefined : resolve(given.DURANIUM_PACKAGES),
    egressAllow: given.DURANIUM_EGRESS_ALLOW,
    workers: given.DURANIUM_WORKERS,
  };
}

/** An address that takes connections from everywhere is none that anybody could connect to. */
function apiAddress({ HOST, PORT }: Variables): string {
  const host = HOST === "0.0.0.0" || HOST === "::" ? "127.0.0.1" : HOST;
  return `http://${host.includes(":") ? `[${host}]` : host}:${PORT}`;
}

function restateOf(given: Variables, environment: Environment): EmbeddedRestate | ExternalRestate {
  const { RESTATE_INGRESS_URL: ingressUrl, RESTATE_ADMIN_URL: adminUrl } = given;
  if (ingressUrl !== undefined && adminUrl !== undefined) return { kind: "external", ingressUrl, adminUrl };
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
    ingressPort: given.RESTATE_INGRESS_PORT,
    adminPort: given.RESTATE_ADMIN_PORT,
    nodePort: given.RESTATE_NODE_PORT,
    ingressUrl: `http://127.0.0.1:${given.RESTATE_INGRESS_PORT}`,
    adminUrl: `http://127.0.0.1:${given.RESTATE_ADMIN_PORT}`,
    environment: restatesOwn(environment),
  };
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
