import { toJsonText } from "../../base/json.ts";
import { isExpectedDraft } from "../../domain/draft.ts";
import type { Draft } from "../../domain/draft.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { LogLine } from "../../domain/log-line.ts";
import { scopes } from "../../domain/permissions.ts";
import type { Webhook } from "../../domain/webhook.ts";
import type { WorkflowSettings } from "../../domain/workflow-settings.ts";
import type { AlertService } from "../contract/alert.ts";
import type { ApiKeyView } from "../contract/api-key.ts";
import type { AuditEntry } from "../contract/audit-entry.ts";
import type { EngineService } from "../contract/engine.ts";
import type { FailureService, OverviewService } from "../contract/monitoring.ts";
import type { PackageService } from "../contract/package.ts";
import type { ReplayCheckService } from "../contract/replay-check.ts";
import type { SecretView } from "../contract/secret.ts";
import type {
  ApiKeyService,
  AuditLog,
  DraftService,
  ExecutionService,
  ExecutorsService,
  HealthService,
  WebhookService,
  LogEvent,
  LogFilter,
  LogService,
  MetricsService,
  NewApiKey,
  ScheduleService,
  QueueService,
  SecretService,
  Session,
  SessionService,
  SettingsService,
  WorkflowService,
} from "../contract/services.ts";
import { inMemoryAlerts, inMemoryFailures, inMemoryOverview } from "./in-memory-alerts.ts";
import { inMemoryPackages } from "./in-memory-packages.ts";
import { inMemoryReplayChecks } from "./in-memory-replay-checks.ts";
import { inMemoryEngines } from "./in-memory-engines.ts";
import { inMemoryQueues } from "./in-memory-queues.ts";
import { inMemoryExecutions, type InMemoryExecutions } from "./in-memory-executions.ts";
import { pageOf, testTime } from "./in-memory-list.ts";
import { inMemoryWorkflows } from "./in-memory-workflows.ts";
import { inMemorySchedules } from "./in-memory-schedules.ts";

/** Services that keep everything in memory, for tests of the API. */
export interface InMemoryServices {
  readonly workflows: WorkflowService;
  readonly drafts: DraftService;
  readonly packages: PackageService;
  readonly executions: ExecutionService & InMemoryExecutions;
  readonly replayChecks: ReplayCheckService;
  readonly schedules: ScheduleService;
  readonly logs: LogService & InMemoryLogs;
  readonly settings: SettingsService;
  readonly queues: QueueService;
  readonly secrets: SecretService;
  readonly webhooks: WebhookService;
  readonly apiKeys: ApiKeyService;
  readonly engines: EngineService;
  readonly executors: ExecutorsService;
  readonly sessions: SessionService;
  readonly health: HealthService & { readonly failing: string[] };
  readonly metrics: MetricsService;
  readonly audit: AuditLog;
  readonly alerts: AlertService;
  readonly failures: FailureService;
  readonly overview: OverviewService;
}

/** Controls for logs, because no execution writes to them here. */
export interface InMemoryLogs {
  add(...lines: readonly LogLine[]): void;
  /** The events of a log stream after the stored lines. Defaults to the end of the execution. */
  afterwards: () => AsyncIterable<LogEvent>;
}

/** A key that all in-memory services accept. */
export const testKey = "dk_test_0123456789abcdef";

export function inMemoryServices(): InMemoryServices {
  const executions = inMemoryExecutions();
  const apiKeys = inMemoryApiKeys();
  return {
    replayChecks: inMemoryReplayChecks(),
    workflows: inMemoryWorkflows(executions),
    drafts: inMemoryDrafts(),
    packages: inMemoryPackages(),
    executions,
    logs: inMemoryLogs(executions),
    settings: inMemorySettings(),
    schedules: inMemorySchedules(),
    queues: inMemoryQueues(),
    secrets: inMemorySecrets(),
    webhooks: inMemoryWebhooks(executions),
    apiKeys,
    engines: inMemoryEngines(),
    executors: {
      list: () => [{ host: "executor-1", process: 1, attempts: 12, attemptsInFlight: 3, connections: 24 }],
    },
    sessions: inMemorySessions(apiKeys),
    health: inMemoryHealth(),
    audit: inMemoryAudit(),
    alerts: inMemoryAlerts(testTime),
    failures: inMemoryFailures(),
    overview: inMemoryOverview(testTime),
    metrics: { contentType: "text/plain; charset=utf-8", read: async () => "up 1\n" },
  };
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
    get: async (workflowId) => find(workflowId),
    list: async (page, only) =>
      pageOf(
        [...stored.values()].filter(({ workflowId }) => only?.includes(workflowId) ?? true),
        page,
        ({ workflowId }) => workflowId,
      ),
    async save(draft, expected) {
      const current = stored.get(draft.workflowId);
      if (!isExpectedDraft(current, expected)) return { conflict: current ?? "gone" };
      saves += 1;
      const saved = { ...draft, revision: `revision-${saves}`, updatedAt: testTime };
      stored.set(draft.workflowId, saved);
      return { saved };
    },
    async remove(workflowId) {
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
    async rename(_workflowId, id, name) {
      const { name: _name, ...rest } = find(id);
      const renamed = name === undefined ? rest : { ...rest, name };
      stored.set(id, renamed);
      return renamed;
    },
    async deliveries(_workflowId, id) {
      find(id);
      return { items: [] };
    },
    async open(token) {
      const { workflowId, scheme, payload } = find(token);
      const caller = { id: token, name: "webhook" };
      return {
        scheme,
        payload,
        record: () => {},
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
    add: async (entry) => void entries.unshift({ ...entry, id: entries.length + 1, at: testTime }),
    list: async (page, { actor, action, workflowId, after = -Infinity, before = Infinity }) =>
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
