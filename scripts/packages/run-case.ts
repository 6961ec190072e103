import { execFile } from "node:child_process";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import type { JsonValue } from "../../src/base/json.ts";
import { DuraniumError } from "../../src/domain/errors.ts";
import type { Preview } from "../../src/preview/contract/preview.ts";
import type { NativeBundler } from "../../src/sandbox/compile/bundler/native-bundler.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import type { PackageServer } from "./server.ts";

/** The result of a case. */
export interface CaseResult {
  readonly outcome: "same" | "different" | "failed" | "not-deployed" | "node-failed";
  /** The difference, or the error. */
  readonly detail?: string;
  /** The memory of the execution, if it is more than the default. */
  readonly memoryMib?: number;
}

interface Observed {
  readonly result: unknown;
  readonly requests: readonly RecordedRequest[];
}

export interface CaseTools {
  readonly server: PackageServer;
  readonly bundler: NativeBundler;
  readonly preview: Preview;
}

/** Runs one workflow in Node and in Duranium with the same server, and compares results and requests. */
export async function runCase(file: string, { server, bundler, preview }: CaseTools): Promise<CaseResult> {
  const payload = { origin: server.origin };
  server.takeRequests();
  let expected: Observed;
  try {
    expected = { result: await runInNode(file, payload), requests: server.takeRequests() };
  } catch (error) {
    return { outcome: "node-failed", detail: firstLines(error) };
  }
  const usual = await runInSandbox(file, payload, { expected, server, bundler, preview });
  if (usual.outcome === "same" || !/memory than an execution has|memoryMib/.test(usual.detail ?? ""))
    return usual;
  const larger = await runInSandbox(file, payload, {
    expected,
    server,
    bundler,
    preview,
    memoryMib: moreMemoryMib,
  });
  return larger.outcome === "same" ? { ...larger, memoryMib: moreMemoryMib } : usual;
}

const moreMemoryMib = 256;
/** Pages of 64 KiB. */
const pagesPerMib = 16;

interface SandboxRun extends CaseTools {
  readonly expected: Observed;
  readonly memoryMib?: number;
}

async function runInSandbox(
  file: string,
  payload: { readonly origin: string },
  { expected, server, bundler, preview, memoryMib }: SandboxRun,
): Promise<CaseResult> {
  server.takeRequests();
  try {
    // Bundles like the command line, with the code and the options of a server.
    const folder = dirname(dirname(file));
    const entry = `${basename(dirname(file))}/${basename(file)}`;
    const { bundle, files } = await bundler.bundleProject({ folder, entry });
    const limits = memoryMib === undefined ? {} : { memoryPages: memoryMib * pagesPerMib };
    const request = { workflowId: "package", payload, clock: "skip", network: "direct", limits } as const;
    const run = await preview.run(bundle, { entry, files }, request);
    const { failure, result = null } = await run.ended;
    if (failure !== undefined) {
      return { outcome: "failed", detail: `${failure.name}: ${failure.message}\n${failure.stack ?? ""}` };
    }
    return compare(expected, { result, requests: server.takeRequests() });
  } catch (error) {
    return { outcome: "not-deployed", detail: textOf(error) };
  }
}

async function runInNode(file: string, payload: JsonValue): Promise<unknown> {
  const runner = join(import.meta.dirname, "run-in-node.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [runner, file, JSON.stringify(payload)], {
    timeout: 60_000,
    maxBuffer: 64 * 2 ** 20,
    env: { PATH: process.env["PATH"], TZ: "UTC" },
  });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "null") as unknown;
}

function compare(expected: Observed, actual: Observed): CaseResult {
  if (!isDeepStrictEqual(expected.result, actual.result))
    return different("result", expected.result, actual.result);
  if (!isDeepStrictEqual(expected.requests, actual.requests))
    return different("requests", expected.requests, actual.requests);
  return { outcome: "same" };
}

function different(what: string, expected: unknown, actual: unknown): CaseResult {
  return {
    outcome: "different",
    detail: `${what}: Node ${JSON.stringify(expected)} / Duranium ${JSON.stringify(actual)}`,
  };
}

function textOf(error: unknown): string {
  if (!(error instanceof DuraniumError)) return String(error instanceof Error ? error.stack : error);
  const diagnostics = (error.diagnostics ?? []).map(
    ({ message, file, line }) => `${message} (${file ?? ""}:${line ?? ""})`,
  );
  return [`${error.code}: ${error.message}`, ...diagnostics].join("\n");
}

function firstLines(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .split("\n")
    .slice(0, 12)
    .join("\n");
}
