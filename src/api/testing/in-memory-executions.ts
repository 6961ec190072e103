import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { recordingFormat } from "../../recordings/recording.ts";
import type { Recording } from "../../recordings/recording.ts";
import type { ExecutionDetail } from "../contract/execution.ts";
import type {
  ExecuteRequest,
  ExecutionFilter,
  ExecutionPosition,
  ExecutionService,
} from "../contract/services.ts";
import { pageOf, testTime } from "./in-memory-list.ts";

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

/** A token that all in-memory services accept. */
export const testCallbackToken = `inv_000000000000000000000001.0.${"ab".repeat(32)}`;

export function inMemoryExecutions(): ExecutionService & InMemoryExecutions {
  const table = createTable();
  const events: unknown[] = [];
  const changes = new EventTarget();
  const end: InMemoryExecutions["end"] = (executionId, how) => {
    table.change(executionId, { completedAt: testTime, status: "completed", waitingFor: [], ...how });
    changes.dispatchEvent(new Event(executionId));
  };
  return {
    end,
    events,
    ...starting(table),
    ...waiting(table, changes),
    ...reading(table),
    ...operating(table, end),
    ...operatingAll(table, end),
    ...sending(table, events),
    ...retrying(table),
    ...forking(table),
  };
}

type Table = ReturnType<typeof createTable>;

function createTable() {
  const stored = new Map<string, ExecutionDetail>();
  const find = (executionId: string): ExecutionDetail => {
    const execution = stored.get(executionId);
    if (execution !== undefined) return execution;
    throw new DuraniumError("execution-not-found", `There is no execution "${executionId}"`);
  };
  return {
    find,
    findLive(executionId: string): ExecutionDetail {
      const execution = find(executionId);
      if (execution.completedAt === undefined) return execution;
      throw new DuraniumError("execution-ended", `Execution "${executionId}" has ended`);
    },
    findEnded(executionId: string): ExecutionDetail {
      const execution = find(executionId);
      if (execution.completedAt !== undefined) return execution;
      throw new DuraniumError("execution-not-ended", `Execution "${executionId}" has not ended`);
    },
    matching: (filter: ExecutionFilter) => [...stored.values()].filter(matching(filter)),
    add(given: Pick<ExecutionDetail, "workflowId" | "input"> & Partial<ExecutionDetail>): ExecutionId {
      const executionId = `inv_${String(stored.size + 1).padStart(24, "0")}` as ExecutionId;
      stored.set(executionId, { ...newExecution, ...given, executionId });
      return executionId;
    },
    change(executionId: string, change: Partial<ExecutionDetail>): void {
      stored.set(executionId, { ...find(executionId), ...change });
    },
    remove: (executionId: string) => void stored.delete(executionId),
  };
}

const newExecution = {
  version: 1,
  status: "running",
  attempts: 1,
  createdAt: testTime,
  modifiedAt: testTime,
  children: [],
  retries: [],
  waitingFor: ["fetch GET https://a.test/"],
  steps: [{ index: 1, operation: "fetch", name: "fetch GET https://a.test/", outcome: "pending" }],
} as const;

function starting(table: Table): Pick<ExecutionService, "execute"> {
  const byIdempotencyKey = new Map<string, ExecutionId>();
  return {
    async execute({ workflowId, payload, entryPoint, caller, idempotencyKey }: ExecuteRequest) {
      if (workflowId === "broken") throw new Error("secret of the inside");
      const key = `${workflowId} ${idempotencyKey}`;
      const known = idempotencyKey === undefined ? undefined : byIdempotencyKey.get(key);
      if (known !== undefined) return { executionId: known, replayed: true };
      const input = JSON.parse(payload);
      const named = entryPoint === undefined ? {} : { entryPoint };
      const executionId = table.add({ workflowId, input, caller, ...named });
      byIdempotencyKey.set(key, executionId);
      return { executionId, replayed: false, createdAt: testTime };
    },
  };
}

function operatingAll(
  table: Table,
  end: InMemoryExecutions["end"],
): Pick<ExecutionService, "count" | "operateAll"> {
  const actions = operating(table, end);
  return {
    count: async (filter) => ({ count: table.matching(filter).length, isExact: true }),
    async operateAll(action, filter) {
      const ids = table.matching(filter).map(({ executionId }) => executionId);
      await Promise.all(ids.map(async (executionId) => await actions[action](executionId)));
      return { items: ids.map((executionId) => ({ executionId })) };
    },
  };
}

function waiting(
  { find }: Table,
  changes: EventTarget,
): Pick<ExecutionService & InMemoryExecutions, "wait" | "someoneWaits" | "someoneGivesUp"> {
  const waits = new EventTarget();
  return {
    someoneWaits: () => once(waits, "wait"),
    someoneGivesUp: () => once(waits, "give up"),
    async wait({ executionId }, _request, timeoutMs, signal) {
      waits.dispatchEvent(new Event("wait"));
      signal.addEventListener("abort", () => waits.dispatchEvent(new Event("give up")));
      if (find(executionId).completedAt === undefined) {
        await Promise.race([once(changes, executionId), timeout(timeoutMs), once(signal, "abort")]);
      }
      const execution = find(executionId);
      return execution.completedAt === undefined ? undefined : execution;
    },
  };
}

function reading({
  find,
  matching,
}: Table): Pick<
  ExecutionService,
  "workflowOf" | "get" | "step" | "recording" | "callbacks" | "statusOf" | "list"
> {
  return {
    recording: async (executionId) => recordingOf(find(executionId)),
    workflowOf: async (executionId) => find(executionId).workflowId,
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
    list: async (filter, page) => pageOf(matching(filter), page, positionOf),
  };
}

/** An execution that has created a callback, and has failed if it has ended. */
function recordingOf({ executionId, workflowId, input, completedAt }: ExecutionDetail): Recording {
  const failure = { name: "Error", message: "refused" };
  return {
    format: recordingFormat,
    workflowId,
    version: 1,
    executionId,
    recordedAt: testTime,
    start: {
      executionId,
      seed: "ab".repeat(32),
      now: testTime,
      callbackUrl: "http://localhost/callbacks/",
    },
    payload: input,
    calls: [{ name: "wait for callback 0", operation: "wait" }],
    signals: [],
    arrivals: [{ barrier: "started" }],
    logs: [],
    ...(completedAt === undefined ? {} : { outcome: { kind: "failed", failure } }),
  };
}

function operating(
  table: Table,
  end: InMemoryExecutions["end"],
): Pick<ExecutionService, "cancel" | "pause" | "reschedule" | "resume" | "purge"> {
  return {
    async reschedule(executionId, scheduledAt) {
      const { status } = table.find(executionId);
      if (status !== "scheduled")
        throw new DuraniumError("execution-started", `Execution "${executionId}" has started`);
      table.change(executionId, { scheduledAt });
      return { executionId: table.find(executionId).executionId };
    },
    async cancel(executionId) {
      table.findLive(executionId);
      end(executionId, { status: "cancelled", failure: { name: "Cancelled", message: "It was cancelled" } });
    },
    async pause(executionId) {
      table.findLive(executionId);
      table.change(executionId, { status: "paused" });
    },
    async resume(executionId) {
      table.findLive(executionId);
      table.change(executionId, { status: "running" });
    },
    async purge(executionId) {
      table.findEnded(executionId);
      table.remove(executionId);
    },
  };
}

function sending(table: Table, events: unknown[]): Pick<ExecutionService, "sendEvent" | "openCallback"> {
  return {
    async sendEvent(executionId, name, payload) {
      table.findLive(executionId);
      events.push({ executionId, name, payload });
    },
    async openCallback(token) {
      if (token !== testCallbackToken) throw new DuraniumError("callback-not-found", "Callback not found");
      return async (payload) => void events.push({ token, payload });
    },
  };
}

function retrying(table: Table): Pick<ExecutionService, "retry" | "retryAll"> {
  return {
    retryAll: async (filter, { limit }) =>
      table
        .matching(filter)
        .slice(0, limit)
        .map(({ executionId, workflowId, input }) => ({
          executionId,
          retryExecutionId: table.add({ workflowId, input }),
        })),
    async retry(executionId, { version }) {
      const { workflowId, input } = table.findEnded(executionId);
      return { executionId: table.add({ workflowId, input, version: version === "same" ? 1 : 2 }) };
    },
  };
}

function forking(table: Table): Pick<ExecutionService, "fork" | "forkAll"> {
  return {
    async fork(executionId, { version, dryRun, payload }, caller) {
      const { workflowId, input } = table.find(executionId);
      const number = typeof version === "number" ? version : 1;
      if (dryRun === true) return { version: number };
      const given = {
        workflowId,
        input: payload ?? input,
        caller,
        version: number,
        forkOf: executionId,
      };
      return { forkExecutionId: table.add(given), version: number };
    },
    forkAll: async (filter, { limit }) =>
      table
        .matching(filter)
        .slice(0, limit)
        .map(({ executionId, workflowId, input }) => ({
          executionId,
          forkExecutionId: table.add({ workflowId, input, forkOf: executionId }),
        })),
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
