import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { MiB } from "../base/binary-units.ts";
import { ConfigError, readConfig } from "./config.ts";

describe("readConfig", () => {
  test("an empty environment gives the configuration for a single machine", () => {
    expect(readConfig({})).toEqual({
      role: "all",
      dataDir: resolve("data"),
      databaseUrl: resolve("data/duranium.sqlite"),
      postgresUrl: undefined,
      artifactsDir: resolve("data/artifacts"),
      enginesDir: resolve("data/engines"),
      api: { host: "127.0.0.1", port: 3000 },
      executor: { host: "127.0.0.1", port: 9080, url: "http://127.0.0.1:9080", processes: 1 },
      restate: {
        kind: "embedded",
        identityKeyFile: resolve("data/restate-identity.pem"),
        ports: undefined,
        isTooLongForSockets: false,
        ingress: { url: "http://restate", socketPath: resolve("data/restate/duranium/ingress.sock") },
        admin: { url: "http://restate", socketPath: resolve("data/restate/duranium/admin.sock") },
        environment: {},
      },
      masterKey: undefined,
      masterKeyFile: resolve("data/master.key"),
      rootKey: undefined,
      packagesDir: undefined,
      portableComponents: false,
      log: { format: "text", hasAccess: true },
      egressAllow: "",
      egressRate: "",
      publicUrl: "http://127.0.0.1:3000",
      workers: undefined,
      compiledEngineBytes: 512 * 1024 * 1024,
      rateLimits: { perKey: 10_000, perAddress: 1_000 },
      maxSendsPerSecond: 25,
      overload: {
        maxWaitingExecutions: 1_000,
        maxStartDelayMs: 5_000,
        maxRequests: 1_000,
        maxEventLoopDelayMs: 250,
        minFreeMemoryBytes: process.platform === "linux" ? 128 * 1024 * 1024 : 0,
        minFreeDiskBytes: 256 * 1024 * 1024,
      },
      tracing: undefined,
      corsOrigins: [],
      trustedProxies: [],
      maxLimits: {
        turnFuel: 20e9,
        executionFuel: 200e9,
        memoryPages: 1_024,
        callsInFlight: 1_000,
        calls: 25_000,
        payloadBytes: 4 * MiB,
        resultBytes: 4 * MiB,
        stateValueBytes: 256 * 1_024,
        fetchRequestBytes: 8 * MiB,
        fetchResponseBytes: 16 * MiB,
        logLineBytes: 16 * 1_024,
        logBytes: 4 * MiB,
        journalBytes: 64 * MiB,
      },
      retentionHours: 720,
      turnTimeoutMs: 60_000,
      scheduleSweepMs: 30_000,
      shadow: { share: 0, perMinute: 6 },
      drainTimeoutMs: 20_000,
    });
  });

  test("an empty variable counts as not set", () => {
    expect(readConfig({ PORT: "", RESTATE_INGRESS_URL: "" })).toEqual(readConfig({}));
  });

  test("all files are under the data directory by default", () => {
    const config = readConfig({ DURANIUM_DATA_DIR: "/d", DURANIUM_DATABASE_URL: "file:///db/x.sqlite" });
    expect(config).toMatchObject({
      dataDir: "/d",
      databaseUrl: "/db/x.sqlite",
      artifactsDir: "/d/artifacts",
      enginesDir: "/d/engines",
    });
  });

  test("PostgreSQL needs a master key, which all processes share", () => {
    const url = "postgres://user:password@one:5432,two:5432/duranium?sslmode=require";
    expect(() => readConfig({ DURANIUM_DATABASE_URL: url })).toThrow("DURANIUM_MASTER_KEY must be set");
    const config = readConfig({ DURANIUM_DATABASE_URL: url, DURANIUM_MASTER_KEY: "key" });
    expect(config).toMatchObject({ postgresUrl: url, masterKey: "key" });
  });

  test("traces are off without an endpoint, and complete with one", () => {
    expect(readConfig({ OTEL_SERVICE_NAME: "shop", DURANIUM_TRACE_RATIO: "0.1" }).tracing).toBeUndefined();
    const { tracing } = readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318/" });
    expect(tracing).toMatchObject({
      exporter: { url: "http://127.0.0.1:4318/v1/traces", protocol: "http/protobuf", headers: {} },
      serviceName: "duranium",
      sampler: { kind: "traceidratio", isParentBased: true, ratio: 1 },
      isPropagated: true,
    });
  });

  test("executor processes are a number, or one per core", () => {
    expect(processesOf("3")).toBe(3);
    expect(processesOf("auto")).toBe(Math.min(availableParallelism(), 64));
    expect(() => processesOf("all")).toThrow(
      "DURANIUM_EXECUTOR_PROCESSES must be a number of processes, or auto",
    );
  });

  test("the packages folder is an absolute path", () => {
    expect(readConfig({ DURANIUM_PACKAGES_DIR: "packages/node_modules" }).packagesDir).toBe(
      resolve("packages/node_modules"),
    );
  });

  test("fuel is configured in powers of ten, and memory in MiB", () => {
    const { maxLimits } = readConfig({
      DURANIUM_MAX_TURN_FUEL: "5e9",
      DURANIUM_MAX_EXECUTION_FUEL: "50000000000",
      DURANIUM_MAX_MEMORY_MIB: "128",
      DURANIUM_MAX_HOST_CALLS: "100",
      DURANIUM_MAX_JOURNAL_MIB: "1",
    });
    expect(maxLimits).toMatchObject({
      turnFuel: 5e9,
      executionFuel: 50e9,
      memoryPages: 2_048,
      calls: 100,
      journalBytes: 1_048_576,
    });
  });

  test("the retention of executions is configured in days", () => {
    expect(readConfig({ DURANIUM_RETENTION_DAYS: "1" }).retentionHours).toBe(24);
    expect(readConfig({ DURANIUM_RETENTION_DAYS: "3650" }).retentionHours).toBe(3_650 * 24);
  });

  test("Restate's own variables are passed on, and Duranium's are not", () => {
    const { restate } = readConfig({
      RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s",
      RESTATE_INGRESS_PORT: "18080",
    });
    expect(restate).toMatchObject({
      ingress: { url: "http://127.0.0.1:18080" },
      environment: { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" },
    });
  });

  test("the Restate server listens on sockets unless ports are configured or the path is too long", () => {
    const ports = { ingress: 8_080, admin: 9_070, node: 5_122 };
    const long = { DURANIUM_DATA_DIR: `/${"d".repeat(73)}` };
    expect(readConfig({ ...long, DURANIUM_DATA_DIR: `/${"d".repeat(72)}` }).restate).toMatchObject({
      ports: undefined,
    });
    expect(readConfig(long).restate).toMatchObject({ ports, isTooLongForSockets: true });
    expect(() => readConfig({ ...long, RESTATE_LISTEN_MODE: "unix" })).toThrow(
      "DURANIUM_DATA_DIR must be a shorter path",
    );
    expect(readConfig({ RESTATE_LISTEN_MODE: "tcp" }).restate).toMatchObject({
      ports,
      isTooLongForSockets: false,
    });
    expect(readConfig({ RESTATE_NODE_PORT: "5123" }).restate).toMatchObject({
      ports: { ...ports, node: 5_123 },
    });
    expect(readConfig({ RESTATE_NODE_PORT: "5123", RESTATE_LISTEN_MODE: "unix" }).restate).toMatchObject({
      ports: undefined,
    });
  });

  test("an external Restate server requires both of its URLs", () => {
    const urls = { RESTATE_INGRESS_URL: "http://restate:8080/", RESTATE_ADMIN_URL: "http://restate:9070" };
    expect(readConfig({ ...urls, DURANIUM_ROLE: "executor" }).restate).toEqual({
      kind: "external",
      ingress: [{ url: "http://restate:8080" }],
      admin: [{ url: "http://restate:9070" }],
    });
  });

  test("the nodes of a Restate cluster are separated by commas", () => {
    const urls = { RESTATE_INGRESS_URL: "http://a:8080, http://b:8080/", RESTATE_ADMIN_URL: "http://a:9070" };
    expect(readConfig(urls).restate).toMatchObject({
      ingress: [{ url: "http://a:8080" }, { url: "http://b:8080" }],
      admin: [{ url: "http://a:9070" }],
    });
  });

  test("CORS origins are separated by commas or spaces", () => {
    const { corsOrigins } = readConfig({ DURANIUM_CORS_ORIGINS: "https://a.example, http://b.example:8080" });
    expect(corsOrigins).toEqual(["https://a.example", "http://b.example:8080"]);
  });

  test("the configuration is frozen", () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  test.each([
    [{ PORT: "0" }, "PORT must be a port from 1 to 65535"],
    [{ PORT: "65536" }, "PORT must be a port from 1 to 65535"],
    [{ PORT: "3000.5" }, "PORT must be a whole number"],
    [{ PORT: "http" }, "PORT must be a port number"],
    [{ DURANIUM_ROOT_KEY: "x".repeat(23) }, "DURANIUM_ROOT_KEY must have 24 characters or more"],
    [{ DURANIUM_ROLE: "both" }, 'DURANIUM_ROLE must be "all", "api" or "executor"'],
    [{ DURANIUM_ROLE: "api" }, "RESTATE_INGRESS_URL and RESTATE_ADMIN_URL must be set"],
    [{ RESTATE_INGRESS_URL: "http://restate:8080" }, "RESTATE_ADMIN_URL must be set too"],
    [{ RESTATE_ADMIN_URL: "restate:9070" }, "RESTATE_ADMIN_URL must be an http:// or https:// URL"],
    [{ RESTATE_ADMIN_URL: "http://a:9070,," }, "RESTATE_ADMIN_URL must be an http:// or https:// URL"],
    [{ DURANIUM_DATABASE_URL: "mysql://db" }, 'DURANIUM_DATABASE_URL must be a "file:" or "postgres:" URL'],
    [{ DURANIUM_CORS_ORIGINS: "https://a.example/" }, "DURANIUM_CORS_ORIGINS must be origins"],
    [{ DURANIUM_CORS_ORIGINS: "https://a.example *.example" }, "DURANIUM_CORS_ORIGINS must be origins"],
    [
      { DURANIUM_PACKAGES_REGISTRY: "https://user:secret@npm.example" },
      "DURANIUM_PACKAGES_REGISTRY must have no user",
    ],
    [
      { DURANIUM_PACKAGES_REGISTRY_TOKEN: "two words" },
      "DURANIUM_PACKAGES_REGISTRY_TOKEN must have visible ASCII",
    ],
    [{ DURANIUM_WORKERS: "0" }, "DURANIUM_WORKERS must be from 1 to 64"],
    [{ DURANIUM_MAX_TURN_FUEL: "1000" }, "DURANIUM_MAX_TURN_FUEL must be 1e9 or more"],
    [{ DURANIUM_MAX_EXECUTION_FUEL: "a lot" }, "DURANIUM_MAX_EXECUTION_FUEL must be a number of units"],
    [{ DURANIUM_MAX_MEMORY_MIB: "1024" }, "DURANIUM_MAX_MEMORY_MIB must be from 16 to 512"],
    [{ DURANIUM_MAX_HOST_CALLS: "1000000" }, "DURANIUM_MAX_HOST_CALLS must be from 1 to 250000"],
    [{ DURANIUM_MAX_JOURNAL_MIB: "0" }, "DURANIUM_MAX_JOURNAL_MIB must be from 1 to 1024"],
    [{ DURANIUM_RETENTION_DAYS: "0" }, "DURANIUM_RETENTION_DAYS must be from 1 to 3650"],
    [{ DURANIUM_RETENTION_DAYS: "3651" }, "DURANIUM_RETENTION_DAYS must be from 1 to 3650"],
    [
      { DURANIUM_RETENTION_DAY: "7" },
      "Unknown variable DURANIUM_RETENTION_DAY. Did you mean DURANIUM_RETENTION_DAYS?",
    ],
    [{ DURANIUM_DATADIR: "/d" }, "Unknown variable DURANIUM_DATADIR. Did you mean DURANIUM_DATA_DIR?"],
    [{ duranium_role: "api" }, "Unknown variable duranium_role. Did you mean DURANIUM_ROLE?"],
    [{ DURANIUM_SOMETHING_ELSE_ENTIRELY: "1" }, "See docs/reference/configuration.md"],
    [{ DURANIUM_TURN_TIMEOUT_MS: "10" }, "DURANIUM_TURN_TIMEOUT_MS must be from 1000 to 100000"],
  ])("the environment %j is refused", (environment, said) => {
    expect(() => readConfig(environment)).toThrow(ConfigError);
    expect(() => readConfig(environment)).toThrow(said);
  });

  test("the variables of the command line and of the compose file are accepted, and so are unknown empty ones", () => {
    const others = {
      DURANIUM_URL: "http://x",
      DURANIUM_API_KEY: "dur_x",
      DURANIUM_PUBLISH: "0.0.0.0",
      DURANIUM_NO: "",
    };
    expect(readConfig(others)).toEqual(readConfig({}));
  });

  test("an error names every invalid variable on a line of its own", () => {
    expect(() => readConfig({ PORT: "x", DURANIUM_ROLE: "y" })).toThrow(/^PORT .*\nDURANIUM_ROLE /);
  });
});

function processesOf(given: string): number {
  return readConfig({ DURANIUM_EXECUTOR_PROCESSES: given }).executor.processes;
}
