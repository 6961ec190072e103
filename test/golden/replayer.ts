import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";
import type { Digest } from "../../src/base/digest.ts";
import { DuraniumError } from "../../src/domain/errors.ts";
import { defaultExecutionLimits } from "../../src/domain/execution-limits.ts";
import type { LogLine } from "../../src/domain/log-line.ts";
import { parseEgressAllow } from "../../src/host/network/egress.ts";
import { createHttpClient } from "../../src/host/network/undici-client.ts";
import { createOperations } from "../../src/host/operations/registry.ts";
import { createExecutionObject } from "../../src/objects/execution-object.ts";
import { createWorkflowState } from "../../src/objects/state-object.ts";
import { createWorkflowObject } from "../../src/objects/workflow-object.ts";
import type { WorkflowObjectOptions } from "../../src/objects/workflow-object.ts";
import { createEffectsInFlight } from "../../src/restate/endpoint/effects-in-flight.ts";
import { startExecutor } from "../../src/restate/endpoint/executor-endpoint.ts";
import { createSendThrottle } from "../../src/restate/endpoint/send-throttle.ts";
import { mapFailure } from "../../src/sandbox/compile/diagnostics/source-map.ts";
import { SandboxPool } from "../../src/sandbox/scheduling/pool.ts";
import { silentLogger } from "../../src/stores/testing/logger.ts";
import { splitMessages } from "../support/message-frames.ts";
import type { GoldenSet } from "./golden-set.ts";
import { messagesUpTo } from "./journal.ts";
import type { GoldenJournal } from "./journal.ts";
import { readMessage, writeMessage } from "./messages.ts";
import type { ProtocolMessage } from "./messages.ts";

/**
 * The executor of this source, with the engine and the artifacts of an older release, and in place of Restate
 * whoever calls `replay`.
 *
 * What an attempt begins anew reaches nothing outside: fetches are refused, and of what a deploy does, nothing
 * is done. It makes no difference, because no such result is ever given back to it.
 */
export interface Replayer extends AsyncDisposable {
  /** Begins an attempt with that many entries of the journal and tells it nothing more: what it says until it ends. */
  replay(journal: GoldenJournal, entryCount: number): Promise<readonly ProtocolMessage[]>;
  /** The console lines that the attempts have written since this was asked last. */
  takeLines(): readonly LogLine[];
}

export async function startReplayer({ engine, artifacts }: GoldenSet): Promise<Replayer> {
  await using stack = new AsyncDisposableStack();
  const pool = stack.use(
    new SandboxPool({
      engines: { get: async (digest) => (digest === engine.digest ? engine : missing(digest)) },
      artifacts: { get: async (digest) => artifacts.get(digest) ?? missing(digest) },
      workers: 1,
    }),
  );
  const http = stack.use(createHttpClient({ policy: parseEgressAllow("") }));
  let lines: LogLine[] = [];
  const workflow = createWorkflowObject({
    ...noDeploys,
    acquire: async (version, attempt) => await pool.acquire({ ...version, ...attempt }),
    mapFailure: async (failure, { sourceMapDigest }) =>
      mapFailure(failure, new TextDecoder().decode(artifacts.get(sourceMapDigest))),
    operations: createOperations({ http, secrets: { find: () => undefined }, egressOf: () => undefined }),
    effectsInFlight: createEffectsInFlight(),
    sendThrottle: createSendThrottle(),
    limitsOf: async () => defaultExecutionLimits,
    startPolicyOf: async () => ({
      limits: defaultExecutionLimits,
      sendsTraceparent: false,
      flow: undefined,
      hostRates: undefined,
    }),
    retentionHours: 24,
    crashes: {
      admit: async () => {},
      admitDeploy: async () => {},
      markWork: () => ({ [Symbol.dispose]: () => {} }),
      record: () => {},
    },
    pauses: { admit: async () => {}, isPaused: async () => false },
    reusedSteps: noRetries,
    onStarted: () => {},
    onEnded: () => {},
    callbackUrl: () => "http://127.0.0.1/callbacks/",
    log: () => ({ add: (line) => void lines.push(line), flush: async () => {} }),
  });
  const restate = {
    cancel: sendNothing,
    kill: async () => {},
    resume: async () => {},
    query: async () => [],
    send: sendNothing,
  };
  const services = [
    workflow,
    createWorkflowState(),
    createExecutionObject({ restate, reusedSteps: noRetries }),
  ];
  const executor = await startExecutor({
    host: "127.0.0.1",
    port: 0,
    services,
    identityKey: undefined,
    logger: silentLogger,
  });
  stack.use(executor);
  const session = connect(`http://127.0.0.1:${executor.port}`);
  stack.defer(() => session.destroy());
  const owned = stack.move();
  return {
    replay: async (journal, entryCount) => await attempt(session, journal, entryCount),
    takeLines() {
      const taken = lines;
      lines = [];
      return taken;
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

const noDeploys: Pick<
  WorkflowObjectOptions,
  "compile" | "scheduleIdsOf" | "queuesOf" | "versions" | "workflows"
> = {
  compile: async () => refuse(),
  versions: { record: refuse, get: refuse, declaredSchedules: refuse },
  scheduleIdsOf: refuse,
  queuesOf: refuse,
  workflows: { get: refuse, remove: refuse },
};

/** None of the journals is of an execution that keeps the steps of another. */
const noRetries: WorkflowObjectOptions["reusedSteps"] = {
  applies: async () => false,
  plan: async () => refuse(),
  signals: async () => refuse(),
  read: async () => refuse(),
};

/** Ends a step for good: one that could be repeated would be, instead of telling what it came to. */
function refuse(): never {
  throw new DuraniumError("invalid-request", "Nothing is deployed in a replay");
}

function missing(digest: Digest): never {
  throw new Error(`The golden set has no ${digest}`);
}

async function attempt(
  session: ClientHttp2Session,
  journal: GoldenJournal,
  entryCount: number,
): Promise<readonly ProtocolMessage[]> {
  const request = session.request({
    ":method": "POST",
    ":path": `/invoke/${journal.handler}`,
    "content-type": journal.contentType,
  });
  // Closing its side is how Restate asks an attempt to end where it can go no further.
  request.end(Buffer.concat(messagesUpTo(journal, entryCount).map(writeMessage)));
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { whole, rest } = splitMessages(Buffer.concat(chunks));
  if (rest.length > 0) throw new Error(`The executor answered no messages: ${rest.toString("utf8")}`);
  return whole.map(readMessage);
}

async function sendNothing(): Promise<never> {
  throw new Error("A replay sends and cancels no invocation");
}
