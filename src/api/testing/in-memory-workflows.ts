import { createHash } from "node:crypto";
import type { Digest } from "../../base/digest.ts";
import { languageOf } from "../../domain/engines/language.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { WorkflowPause } from "../../domain/flow/workflow-pause.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import type { ExecutionService, WorkflowService } from "../contract/services.ts";
import type { DeployedVersion, WorkflowView } from "../contract/workflow.ts";
import { pageOf, testTime } from "./in-memory-list.ts";

type StoredVersion = DeployedVersion & { readonly source: WorkflowSource };

/** A source compiles unless it contains `syntax error`, and exports `run` if it contains that word. */
export function inMemoryWorkflows(executions: ExecutionService): WorkflowService {
  const table = createTable();
  return { ...changing(table), ...reading(table, executions) };
}

type Table = ReturnType<typeof createTable>;

function createTable() {
  const stored = new Map<
    WorkflowId,
    { versions: StoredVersion[]; current: number; paused?: WorkflowPause }
  >();
  function find(workflowId: WorkflowId) {
    const workflow = stored.get(workflowId);
    if (workflow !== undefined) return workflow;
    throw new DuraniumError("workflow-not-found", `There is no workflow "${workflowId}"`);
  }
  return {
    stored,
    find,
    findVersion: (workflowId: WorkflowId, number: number) => {
      const { versions, current } = find(workflowId);
      const version = versions[number - 1];
      if (version !== undefined) return { ...version, current: version.version === current };
      throw new DuraniumError("version-not-found", `Workflow "${workflowId}" has no version ${number}`);
    },
    view: (workflowId: WorkflowId) => {
      const { versions, current, paused } = find(workflowId);
      return {
        workflowId,
        createdAt: testTime,
        latestVersion: versions.length,
        currentVersion: current,
        ...(paused === undefined ? {} : { paused }),
      };
    },
  };
}

function changing({
  stored,
  find,
  findVersion,
  view,
}: Table): Pick<WorkflowService, "deploy" | "activate" | "setNote" | "pause" | "resume" | "remove"> {
  return {
    async deploy({ workflowId, source, note, deployedBy }) {
      rejectBrokenSource(workflowId, source);
      const workflow = stored.get(workflowId) ?? { versions: [], current: 0 };
      const digest = digestOf(JSON.stringify(source));
      const unchanged = workflow.versions.at(-1)?.digest === digest;
      workflow.current = workflow.versions.length + 1;
      const language = languageOf(source);
      const version = { ...compiled, language, workflowId, version: workflow.current, deployedBy, digest };
      const noted = note === undefined ? version : { ...version, note };
      const deployed = { ...noted, deployedAt: testTime, unchanged, source };
      workflow.versions.push(deployed);
      stored.set(workflowId, workflow);
      return deployed;
    },
    async activate(workflowId, version) {
      findVersion(workflowId, version);
      find(workflowId).current = version;
      return findVersion(workflowId, version);
    },
    async setNote(workflowId, number, note) {
      const { note: _before, current: _current, ...version } = findVersion(workflowId, number);
      find(workflowId).versions[number - 1] = note === undefined ? version : { ...version, note };
      return findVersion(workflowId, number);
    },
    async pause(workflowId, pause) {
      find(workflowId).paused = { ...pause, at: testTime };
      return view(workflowId);
    },
    async resume(workflowId) {
      delete find(workflowId).paused;
      return view(workflowId);
    },
    async remove(workflowId) {
      find(workflowId);
      stored.delete(workflowId);
    },
  };
}

function reading(
  { stored, find, findVersion, view }: Table,
  executions: ExecutionService,
): Pick<WorkflowService, "get" | "list" | "version" | "versions" | "portableComponent"> {
  const withRecent = async (workflow: WorkflowView, recent: number): Promise<WorkflowView> => {
    const { items } = await executions.list({ workflowId: workflow.workflowId }, { limit: recent });
    return { ...workflow, recent: items };
  };
  return {
    get: async (workflowId) => view(workflowId),
    async list({ recent, ...request }, only) {
      const views = [...stored.keys()].filter((id) => only?.includes(id) ?? true).map(view);
      const page = pageOf<WorkflowView, WorkflowId>(views, request, ({ workflowId }) => workflowId);
      if (recent === undefined) return page;
      return { ...page, items: await Promise.all(page.items.map((each) => withRecent(each, recent))) };
    },
    version: async (workflowId, version) => findVersion(workflowId, version),
    async versions(workflowId, request) {
      const versions = find(workflowId).versions.map(({ version }) => findVersion(workflowId, version));
      return pageOf(versions, request, ({ version }) => version);
    },
    async portableComponent(workflowId, version) {
      findVersion(workflowId, version);
      return new Uint8Array([0x00, 0x61, 0x73, 0x6d]);
    },
  };
}

function rejectBrokenSource(
  workflowId: WorkflowId,
  { entry, files, binaryFiles = {} }: WorkflowSource,
): void {
  if (Object.hasOwn(binaryFiles, entry)) return;
  const text = files[entry] ?? "";
  if (text.includes("syntax error")) {
    throw new DuraniumError("compile-failed", `Cannot compile workflow "${workflowId}": 1 error`, {
      diagnostics: [{ message: "Unexpected error", file: entry, line: 1, column: 8, hint: "Fix it" }],
    });
  }
  if (text.includes("run")) return;
  throw new DuraniumError("missing-run", `Workflow "${workflowId}" does not export run`);
}

const compiled = {
  imageDigest: digestOf("image"),
  engineDigest: digestOf("engine"),
  bundleDigest: digestOf("bundle"),
  protocolVersion: 1,
  sizes: { sourceBytes: 100, bundleBytes: 200, imageBytes: 90_000, imagePages: 62 },
  timings: { bundleMs: 4, evaluateMs: 22.5, imageMs: 3 },
};

export function digestOf(text: string): Digest {
  return createHash("sha256").update(text).digest("hex") as Digest;
}
