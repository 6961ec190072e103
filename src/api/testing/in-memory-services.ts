import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Digest } from "../../base/digest.ts";
import { toJsonText } from "../../base/json.ts";
import type { Page, PageRequest } from "../../base/page.ts";
import { isExpectedDraft } from "../../domain/draft.ts";
import type { Draft } from "../../domain/draft.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { LogLine } from "../../domain/log-line.ts";
import { scopes } from "../../domain/permissions.ts";
import type { Webhook } from "../../domain/webhook.ts";
import type { WorkflowSettings } from "../../domain/workflow-settings.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import type { ApiKeyView } from "../contract/api-key.ts";
import type { AuditEntry } from "../contract/audit-entry.ts";
import type { ExecutionDetail } from "../contract/execution.ts";
import type { SecretView } from "../contract/secret.ts";
import type {
  ApiKeyService,
  AuditLog,
  DraftService,
  EngineService,
  ExecuteRequest,
  ExecutionFilter,
  ExecutionPosition,
  ExecutionService,
  HealthService,
  WebhookService,
  LogEvent,
  LogFilter,
  LogService,
  MetricsService,
  NewApiKey,
  SecretService,
  Session,
  SessionService,
  SettingsService,
  WorkflowService,
} from "../contract/services.ts";
import type { DeployedVersion } from "../contract/workflow.ts";

/** Services that keep everything in memory, for tests of the API. */
export interface InMemoryServices {
  readonly workflows: WorkflowService;
  readonly drafts: DraftService;
  readonly executions: ExecutionService & InMemoryExecutions;
  readonly logs: LogService & InMemoryLogs;
  readonly settings: SettingsService;
  readonly secrets: SecretService;
  readonly webhooks: WebhookService;
  readonly apiKeys: ApiKeyService;
  readonly engines: EngineService;
  readonly sessions: SessionService;
  readonly health: HealthService & { readonly failing: string[] };
  readonly metrics: MetricsService;
  readonly audit: AuditLog;
}

/** Controls for executions, because none run here. */
export interface InMemoryExecutions {
  end(executionId: string, end: Partial<ExecutionDetail>): void;
  /** The events and callbacks that were sent to executions. */
  readonly events: readonly unknown[];
  /** Resolves when a caller starts to wait. */
  someoneWaits(): Promise<void>;
  /** Resolves when a caller stops waiting. */
  someoneGivesUp(): Promise<void>;
}

/** Controls for logs, because no execution writes to them here. */
export interface InMemoryLogs {
  add(...lines: readonly LogLine[]): void;
  /** The events of a log stream after the stored lines. Defaults to the end of the execution. */
  afterwards: () => AsyncIterable<LogEvent>;
}

/** A key that all in-memory services accept. */
export const testKey = "dk_test_0123456789abcdef";

/** A token that all in-memory services accept. */
export const testCallbackToken = `inv_000000000000000000000001.0.${"ab".repeat(32)}`;

export function inMemoryServices(): InMemoryServices {
  const executions = inMemoryExecutions();
  const apiKeys = inMemoryApiKeys();
  return {
    workflows: inMemoryWorkflows(executions),
    drafts: inMemoryDrafts(),
    executions,
    logs: inMemoryLogs(executions),
    settings: inMemorySettings(),
    secrets: inMemorySecrets(),
    webhooks: inMemoryWebhooks(executions),
    apiKeys,
    engines: {
      current: async () => ({ digest: digestOf("engine"), protocolVersion: 1, bytes: 8 }),
      module: async (encoding = "gzip") => new TextEncoder().encode(encoding),
    },
    sessions: inMemorySessions(apiKeys),
    health: inMemoryHealth(),
    audit: inMemoryAudit(),
    metrics: { contentType: "text/plain; charset=utf-8", read: async () => "up 1\n" },
  };
}

/** 09:30 UTC on 31 January 2026. */
const testTime = Date.UTC(2026, 0, 31, 9, 30);

type StoredVersion = DeployedVersion & { readonly source: WorkflowSource };

/** A source compiles unless it contains `syntax error`, and exports `run` if it contains that word. */
function inMemoryWorkflows(executions: ExecutionService): WorkflowService {
  const stored = new Map<WorkflowId, { versions: StoredVersion[]; current: number }>();

  function find(workflowId: WorkflowId) {
    const workflow = stored.get(workflowId);
    if (workflow !== undefined) return workflow;
    throw new DuraniumError("workflow-not-found", `There is no workflow "${workflowId}"`);
  }

  function findVersion(workflowId: WorkflowId, number: number) {
    const { versions, current } = find(workflowId);
    const version = versions[number - 1];
    if (version !== undefined) return { ...version, current: version.version === current };
    throw new DuraniumError("version-not-found", `Workflow "${workflowId}" has no version ${number}`);
  }

  function view(workflowId: WorkflowId) {
    const { versions, current } = find(workflowId);
    return { workflowId, createdAt: testTime, latestVersion: versions.length, currentVersion: current };
  }

  return {
    async deploy({ workflowId, source, note, deployedBy }) {
      rejectBrokenSource(workflowId, source);
      const workflow = stored.get(workflowId) ?? { versions: [], current: 0 };
      const digest = digestOf(JSON.stringify(source));
      const unchanged = workflow.versions.at(-1)?.digest === digest;
      workflow.current = workflow.versions.length + 1;
      const version = { ...compiled, workflowId, version: workflow.current, deployedBy, digest };
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
    async remove(workflowId) {
      find(workflowId);
      stored.delete(workflowId);
    },
    get: async (workflowId) => view(workflowId),
    async list({ recent, ...page }, only) {
      const views = [...stored.keys()].filter((id) => only?.includes(id) ?? true).map(view);
      const { items, ...rest } = pageOf(views, page, (view) => view.workflowId);
      if (recent === undefined) return { items, ...rest };
      const recentOf = async (workflowId: WorkflowId) =>
        (await executions.list({ workflowId }, { limit: recent })).items;
      const told = items.map(async (item) => ({ ...item, recent: await recentOf(item.workflowId) }));
      return { items: await Promise.all(told), ...rest };
    },
    version: async (workflowId, version) => findVersion(workflowId, version),
    versions: async (workflowId, page) =>
      pageOf(
        find(workflowId).versions.map(({ version }) => findVersion(workflowId, version)),
        page,
        ({ version }) => version,
      ),
    async portableComponent(workflowId, version) {
      findVersion(workflowId, version);
      return new Uint8Array([0x00, 0x61, 0x73, 0x6d]);
    },
  };
}

function rejectBrokenSource(workflowId: WorkflowId, { entry, files }: WorkflowSource): void {
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

function digestOf(text: string): Digest {
  return createHash("sha256").update(text).digest("hex") as Digest;
}

function inMemoryExecutions(): ExecutionService & InMemoryExecutions {
  const stored = new Map<string, ExecutionDetail>();
  const byIdempotencyKey = new Map<string, ExecutionId>();
  const events: unknown[] = [];
  const changes = new EventTarget();
  const waits = new EventTarget();

  function find(executionId: string): ExecutionDetail {
    const execution = stored.get(executionId);
    if (execution !== undefined) return execution;
    throw new DuraniumError("execution-not-found", `There is no execution "${executionId}"`);
  }

  function startExecution(request: Omit<ExecuteRequest, "caller"> & Partial<ExecuteRequest>): ExecutionId {
    const executionId = `inv_${String(stored.size + 1).padStart(24, "0")}` as ExecutionId;
    const { workflowId, payload, entryPoint, caller } = request;
    stored.set(executionId, {
      executionId,
      workflowId,
      version: 1,
      status: "running",
      attempts: 1,
      input: JSON.parse(payload),
      ...(entryPoint === undefined ? {} : { entryPoint }),
      createdAt: testTime,
      modifiedAt: testTime,
      ...(caller === undefined ? {} : { caller }),
      children: [],
      retries: [],
      waitingFor: ["fetch GET https://a.test/"],
      steps: [{ index: 1, operation: "fetch", name: "fetch GET https://a.test/", outcome: "pending" }],
    });
    return executionId;
  }

  function underWay(executionId: string): ExecutionDetail {
    const execution = find(executionId);
    if (execution.completedAt === undefined) return execution;
    throw new DuraniumError("execution-ended", `Execution "${executionId}" has ended`);
  }

  const end: InMemoryExecutions["end"] = (executionId, how) => {
    const ended = { completedAt: testTime, status: "completed" as const, waitingFor: [], ...how };
    stored.set(executionId, { ...find(executionId), ...ended });
    changes.dispatchEvent(new Event(executionId));
  };

  return {
    end,
    events,
    someoneWaits: () => once(waits, "wait"),
    someoneGivesUp: () => once(waits, "give up"),
    workflowOf: async (executionId) => find(executionId).workflowId,
    async execute(request) {
      if (request.workflowId === "broken") throw new Error("secret of the inside");
      const key = `${request.workflowId} ${request.idempotencyKey}`;
      const known = request.idempotencyKey === undefined ? undefined : byIdempotencyKey.get(key);
      if (known !== undefined) return { executionId: known, replayed: true };
      const executionId = startExecution(request);
      byIdempotencyKey.set(key, executionId);
      return { executionId, replayed: false, createdAt: testTime };
    },
    async wait({ executionId }, _request, timeoutMs, signal) {
      waits.dispatchEvent(new Event("wait"));
      signal.addEventListener("abort", () => waits.dispatchEvent(new Event("give up")));
      if (find(executionId).completedAt === undefined) {
        await Promise.race([once(changes, executionId), timeout(timeoutMs), once(signal, "abort")]);
      }
      const execution = find(executionId);
      return execution.completedAt === undefined ? undefined : execution;
    },
    get: async (executionId) => find(executionId),
    async step(executionId, index) {
      const step = find(executionId).steps.find((each) => each.index === index);
      if (step !== undefined) return step;
      throw new DuraniumError("step-not-found", `Execution "${executionId}" has no step ${index}`);
    },
    async callbacks(executionId) {
      const url = `http://localhost/callbacks/${find(executionId).executionId}.0.token`;
      return [{ callback: 0, url, createdAt: testTime }];
    },
    statusOf: async (executionId) => find(executionId).status,
    list: async (filter, page) => pageOf([...stored.values()].filter(matching(filter)), page, positionOf),
    async cancel(executionId) {
      underWay(executionId);
      end(executionId, { status: "cancelled", failure: { name: "Cancelled", message: "It was cancelled" } });
    },
    async sendEvent(executionId, name, payload) {
      if (find(executionId).completedAt !== undefined) {
        throw new DuraniumError("execution-ended", `Execution "${executionId}" has ended`);
      }
      events.push({ executionId, name, payload });
    },
    async openCallback(token) {
      if (token !== testCallbackToken) throw new DuraniumError("callback-not-found", "Callback not found");
      return async (payload) => void events.push({ token, payload });
    },
    async pause(executionId) {
      const execution = underWay(executionId);
      stored.set(executionId, { ...execution, status: "paused" });
    },
    async resume(executionId) {
      const execution = underWay(executionId);
      stored.set(executionId, { ...execution, status: "running" });
    },
    async purge(executionId) {
      assertEnded(find(executionId));
      stored.delete(executionId);
    },
    async retryAll(filter, { limit }) {
      const found = [...stored.values()].filter(matching(filter));
      return found.slice(0, limit).map(({ executionId, workflowId: id, input }) => ({
        executionId,
        retryExecutionId: startExecution({ workflowId: id, payload: toJsonText(input) }),
      }));
    },
    async retry(executionId, { version }) {
      const old = find(executionId);
      assertEnded(old);
      const again = startExecution({ workflowId: old.workflowId, payload: toJsonText(old.input) });
      stored.set(again, { ...find(again), version: version === "same" ? 1 : 2 });
      return { executionId: again };
    },
  };
}

function positionOf({ createdAt, executionId }: ExecutionDetail): ExecutionPosition {
  return [createdAt, executionId];
}

/** All times are equal here. */
function matching({
  workflowId,
  workflowIds,
  workflowContains = "",
  executionIds,
  status,
  version,
  entryPoint,
}: ExecutionFilter) {
  return (execution: ExecutionDetail) =>
    (workflowIds?.includes(execution.workflowId) ?? true) &&
    (executionIds?.includes(execution.executionId) ?? true) &&
    execution.workflowId.includes(workflowContains) &&
    execution.workflowId === (workflowId ?? execution.workflowId) &&
    execution.status === (status ?? execution.status) &&
    execution.version === (version ?? execution.version) &&
    execution.entryPoint === (entryPoint ?? execution.entryPoint);
}

function assertEnded({ executionId, completedAt }: ExecutionDetail): void {
  if (completedAt !== undefined) return;
  throw new DuraniumError("execution-not-ended", `Execution "${executionId}" has not ended`);
}

function once(target: EventTarget, name: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  target.addEventListener(name, () => resolve(), { once: true });
  return promise;
}

function timeout(durationMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, durationMs).unref();
  return promise;
}

/** Every execution has the same lines. */
function inMemoryLogs(executions: ExecutionService): LogService & InMemoryLogs {
  const stored: LogLine[] = [];
  const linesOf = ({ levels }: LogFilter) =>
    stored.filter(({ level }) => levels === undefined || levels.includes(level));
  const logs: LogService & InMemoryLogs = {
    add: (...lines) => void stored.push(...lines),
    async *afterwards() {
      yield { kind: "ended", status: "completed" };
    },
    async list(executionId, filter, page) {
      await executions.get(executionId);
      return pageOf(linesOf(filter), page, ({ number }) => number);
    },
    async follow(executionId, filter, after = -1) {
      await executions.get(executionId);
      const lines = linesOf(filter).filter(({ number }) => number > after);
      return followed(lines, logs.afterwards());
    },
  };
  return logs;
}

async function* followed(
  lines: readonly LogLine[],
  afterwards: AsyncIterable<LogEvent>,
): AsyncGenerator<LogEvent> {
  for (const line of lines) yield { kind: "line", line };
  yield* afterwards;
}

function inMemoryApiKeys(): ApiKeyService {
  const stored = new Map<string, ApiKeyView & { readonly key: string }>();
  const add = (asked: NewApiKey, key: string) => {
    const id = `key-${stored.size + 1}`;
    const apiKey = { ...asked, id, prefix: key.slice(0, 8), createdAt: testTime, key };
    stored.set(apiKey.id, apiKey);
    return apiKey;
  };
  add({ name: "root", scopes }, testKey);
  return {
    create: async (asked) => add(asked, `dk_made_${stored.size}`),
    list: async (page) => pageOf([...stored.values()], page, ({ createdAt, id }) => ({ createdAt, id })),
    async revoke(id) {
      if (!stored.delete(id)) throw new DuraniumError("api-key-not-found", `There is no API key "${id}"`);
    },
    authenticate: async (key) => [...stored.values()].find((apiKey) => apiKey.key === key),
  };
}

/** A session lasts until its key is revoked. */
function inMemorySessions(apiKeys: ApiKeyService): SessionService {
  const stored = new Map<string, { readonly key: string; readonly expiresAt: number }>();
  async function find(token: string): Promise<Session | undefined> {
    const session = stored.get(token);
    const apiKey = session === undefined ? undefined : await apiKeys.authenticate(session.key);
    return session === undefined || apiKey === undefined
      ? undefined
      : { apiKey, expiresAt: session.expiresAt };
  }
  return {
    async open(key) {
      const token = `session-${stored.size + 1}`;
      stored.set(token, { key, expiresAt: testTime });
      const session = await find(token);
      return session === undefined ? undefined : { ...session, token };
    },
    find,
    close: async (token) => void stored.delete(token),
  };
}

function inMemoryDrafts(): DraftService {
  const stored = new Map<WorkflowId, Draft>();
  let saves = 0;
  function find(workflowId: WorkflowId): Draft {
    const draft = stored.get(workflowId);
    if (draft !== undefined) return draft;
    throw new DuraniumError("draft-not-found", `Workflow "${workflowId}" has no draft`);
  }
  return {
    get: find,
    list: (page, only) =>
      pageOf(
        [...stored.values()].filter(({ workflowId }) => only?.includes(workflowId) ?? true),
        page,
        ({ workflowId }) => workflowId,
      ),
    save(draft, expected) {
      const current = stored.get(draft.workflowId);
      if (!isExpectedDraft(current, expected)) return { conflict: current ?? "gone" };
      saves += 1;
      const saved = { ...draft, revision: `revision-${saves}`, updatedAt: testTime };
      stored.set(draft.workflowId, saved);
      return { saved };
    },
    remove(workflowId) {
      stored.delete(find(workflowId).workflowId);
    },
  };
}

function inMemorySecrets(): SecretService {
  const stored = new Map<string, SecretView>();
  return {
    list: async () => [...stored.values()],
    async set(_workflowId, { name, hosts }) {
      const secret = { name, hosts, updatedAt: testTime };
      stored.set(name, secret);
      return secret;
    },
    async remove(_workflowId, name) {
      if (!stored.delete(name)) throw new DuraniumError("secret-not-found", `There is no secret ${name}`);
    },
  };
}

function inMemorySettings(): SettingsService {
  const stored = new Map<WorkflowId, WorkflowSettings>();
  return {
    get: async (workflowId) => stored.get(workflowId) ?? {},
    set: async (workflowId, settings) => void stored.set(workflowId, settings),
  };
}

/** The token is the ID of the webhook. */
function inMemoryWebhooks(executions: ExecutionService): WebhookService {
  const stored = new Map<string, Webhook>();
  function find(id: string): Webhook {
    const webhook = stored.get(id);
    if (webhook === undefined) throw new DuraniumError("webhook-not-found", "Webhook not found");
    return webhook;
  }
  return {
    list: async () => [...stored.values()],
    async create(workflowId, { secret: _secret, ...asked }) {
      const webhook = { ...asked, id: `webhook-${stored.size + 1}`, workflowId, createdAt: testTime };
      stored.set(webhook.id, webhook);
      return { ...webhook, url: `http://localhost/webhooks/${webhook.id}` };
    },
    rotate: async (_workflowId, id) => ({ url: `http://localhost/webhooks/${find(id).id}` }),
    async remove(_workflowId, id) {
      stored.delete(find(id).id);
    },
    async open(token) {
      const { workflowId, scheme, payload } = find(token);
      const caller = { id: token, name: "webhook" };
      return {
        scheme,
        payload,
        signToken: (text) => text,
        verify: () => async (given) =>
          await executions.execute({ workflowId, payload: toJsonText(given), caller }),
      };
    },
  };
}

function inMemoryAudit(): AuditLog {
  const entries: AuditEntry[] = [];
  return {
    add: (entry) => void entries.unshift({ ...entry, id: entries.length + 1, at: testTime }),
    list: (page, { actor, action, workflowId, after = -Infinity, before = Infinity }) =>
      pageOf(
        entries.filter(
          (entry) =>
            entry.actor === (actor ?? entry.actor) &&
            entry.action === (action ?? entry.action) &&
            entry.workflowId === (workflowId ?? entry.workflowId) &&
            entry.at >= after &&
            entry.at < before,
        ),
        page,
        ({ id }) => id,
      ),
  };
}

function inMemoryHealth(): InMemoryServices["health"] {
  const failing: string[] = [];
  return { failing, problems: async () => failing };
}

/** The items after the one at the position, in the order of `items`. */
function pageOf<Item, Position>(
  items: readonly Item[],
  { after, limit }: PageRequest<Position>,
  positionIn: (item: Item) => Position,
): Page<Item, Position> {
  const start = items.findIndex((item) => isDeepStrictEqual(positionIn(item), after)) + 1;
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  const isLast = last === undefined || start + limit >= items.length;
  return isLast ? { items: page } : { items: page, next: positionIn(last) };
}
