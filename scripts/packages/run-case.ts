import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import { DuraniumError } from "../../src/domain/errors.ts";
import type { JsonValue } from "../../src/domain/json.ts";
import { readProject } from "../../src/cli/project.ts";
import type { NodePreview } from "../../src/preview/node.ts";
import type { PackageServer, RecordedRequest } from "./server.ts";

/** How a case went. */
export interface CaseResult {
  readonly outcome: "same" | "different" | "failed" | "not-deployed" | "node-failed";
  /** What differs, or the error. */
  readonly detail?: string;
  readonly bundleBytes?: number;
}

interface Observed {
  readonly result: unknown;
  readonly requests: readonly RecordedRequest[];
}

/** Runs one workflow in Node and in Duranium, against the same server, and compares results and requests. */
export async function runCase(
  file: string,
  server: PackageServer,
  preview: NodePreview,
): Promise<CaseResult> {
  const payload = { origin: server.origin };
  server.takeRequests();
  let expected: Observed;
  try {
    expected = { result: await runInNode(file, payload), requests: server.takeRequests() };
  } catch (error) {
    return { outcome: "node-failed", detail: firstLines(error) };
  }
  let source: Awaited<ReturnType<typeof readProject>>;
  try {
    source = await readProject(file);
    const run = await preview.run(source, {
      workflowId: "package",
      payload,
      clock: "skip",
      network: "direct",
      limits: {},
    });
    const state = await run.ended;
    if (state.failure !== undefined)
      return {
        outcome: "failed",
        detail: `${state.failure.name}: ${state.failure.message}\n${state.failure.stack ?? ""}`,
      };
    return compare(expected, { result: state.result ?? null, requests: server.takeRequests() });
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

void existsSync;
