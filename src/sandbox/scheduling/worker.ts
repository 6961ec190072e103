import { parentPort, workerData } from "node:worker_threads";
import type { Digest } from "../../base/digest.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { Turn } from "../../host/guest.ts";
import { createIdleInstances } from "../instances/idle-instances.ts";
import { loadEngine } from "../instances/instance.ts";
import type { Instance, LoadedEngine } from "../instances/instance.ts";
import { dropPermissions } from "../threads/drop-permissions.ts";
import { sendError } from "../threads/thread-messages.ts";
import { systemThread } from "../threads/thread-priority.ts";
import { workflowMs } from "./long-workflows.ts";
import type {
  CancelMessage,
  FromWorker,
  RunMessage,
  SettleMessage,
  ToWorker,
  WorkerSetup,
} from "./messages.ts";
import { createTurnClock } from "./turn-clock.ts";
import { openTurnMarkers } from "./turn-markers.ts";
import type { MarkedTurn } from "./turn-markers.ts";

/**
 * A worker thread of the pool.
 *
 * It owns the instances of its guests and runs their turns sequentially, in the order of the pool's messages.
 * It keeps idle instances for reuse, writes the running turn to the shared clock, and marks it on disk. It
 * makes no decisions: timeouts, preemption and retries belong to the pool (`worker-thread.ts`).
 *
 * An engine is sent before the first guest that uses it, and a guest's `run` before its other turns. A
 * violation is a bug of the pool and fails the turn with `internal`.
 */

const setup = workerData as WorkerSetup;
const clock = createTurnClock(setup.turnClock);
clock.systemThread = systemThread();
const notes = setup.turnMarkers === undefined ? undefined : openTurnMarkers(setup.turnMarkers);
dropPermissions();
const idleInstances = createIdleInstances(setup.maxInstances);
const engines = new Map<Digest, LoadedEngine>();
/** Instances by guest number. */
const instances = new Map<number, Instance>();
/** The next turn of each guest. */
const nextTurns = new Map<number, MarkedTurn>();

parentPort?.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "engine":
      engines.set(message.digest, loadEngine(message.digest, message.module));
      return;
    case "forget":
      engines.delete(message.digest);
      return;
    case "run":
      nextTurns.set(message.guest, { owner: message.owner, turn: 0 });
      takeTurn(message, () => run(message));
      return;
    case "settle":
      takeTurn(message, () => settle(message));
      return;
    case "cancel":
      takeTurn(message, () => cancel(message));
      return;
    case "close":
      close(message.guest);
  }
});

function takeTurn({ turn, guest }: { turn: number; guest: number }, act: () => Turn): void {
  if (clock.isWithdrawn(turn)) return;
  const before = process.threadCpuUsage();
  const fuelOf = () => instances.get(guest)?.fuelUsed ?? 0;
  const fuelBefore = fuelOf();
  const use = () => {
    const fuelUsed = fuelOf();
    const computedMs = workflowMs(computedSince(before), fuelUsed - fuelBefore);
    return { fuelUsed, computedMs };
  };
  begin(turn, guest);
  try {
    const done = act();
    end();
    reply({ turn, ...use(), done }, buffersOf(done));
  } catch (error) {
    end();
    reply({ turn, ...use(), failed: sendError(error) });
  }
}

function computedSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

function begin(turn: number, guest: number): void {
  clock.begin(turn);
  const noted = nextTurns.get(guest);
  if (noted === undefined) return;
  notes?.begin(noted);
  nextTurns.set(guest, { ...noted, turn: noted.turn + 1 });
}

function end(): void {
  notes?.end();
  clock.end();
}

function run({ guest, engineDigest, image, limits, context, payload }: RunMessage): Turn {
  const engine = engines.get(engineDigest);
  if (engine === undefined)
    throw new DuraniumError("internal", `No engine ${engineDigest} came before its guest`);
  const instance = idleInstances.take(engine, image, limits);
  instances.set(guest, instance);
  return instance.enter((core) => core.run(context, payload));
}

function settle({ guest, settlement }: SettleMessage): Turn {
  return runningInstance(guest).enter((core) => core.settle(settlement));
}

function cancel({ guest, now }: CancelMessage): Turn {
  return runningInstance(guest).enter((core) => core.cancel(now));
}

function runningInstance(guest: number): Instance {
  const instance = instances.get(guest);
  if (instance === undefined) throw new DuraniumError("internal", `Guest ${guest} was entered before it ran`);
  return instance;
}

function close(guest: number): void {
  const instance = instances.get(guest);
  instances.delete(guest);
  nextTurns.delete(guest);
  if (instance !== undefined) idleInstances.giveBack(instance);
}

function reply(message: FromWorker, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred);
}

/** Each piece is a separate copy, so its buffer is transferred to the pool instead of being cloned. */
function buffersOf({ calls, logs, completion }: Turn): ArrayBuffer[] {
  const pieces = [
    ...calls.flatMap((call) => [call.arguments, call.body]),
    ...logs.map(({ line }) => line),
    ...(completion === undefined ? [] : [completion.json]),
  ];
  return pieces.map(({ buffer }) => buffer as ArrayBuffer);
}
