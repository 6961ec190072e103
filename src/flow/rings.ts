import { maxPassesOver, maxPriority } from "../domain/automation/flow-limits.ts";
import type { Lane, Ring } from "./queue-records.ts";
import { updateCore } from "./run.ts";
import type { QueueRun } from "./run.ts";

/** The priority of executions that continue: they come before new ones, so that started work ends first. */
export const continuePriority = maxPriority + 1;

export async function enterRing(run: QueueRun, name: string): Promise<void> {
  const lane = await run.tx.get<Lane>(`l/${name}`);
  if (lane === undefined) return;
  run.tx.set(`l/${name}`, { ...lane, place: "ring" });
  const { epoch, priority } = lane;
  const ring = ringOf(run, lane) ?? { head: 0, tail: 0, epoch, priority, passes: 0 };
  run.tx.add(`r/${ringName(ring)}/${ring.tail}`, name);
  storeRing(run, { ...ring, tail: ring.tail + 1 });
}

/** Takes the next lane out of the rings: of the highest priority, or of one that was passed over too often. */
export async function takeLane(run: QueueRun): Promise<string | undefined> {
  const ring = nextRing(run);
  if (ring === undefined) return undefined;
  const place = `r/${ringName(ring)}/${ring.head}`;
  const name = await run.tx.get<string>(place);
  run.tx.remove(place);
  storeRing(run, { ...ring, head: ring.head + 1 });
  return name;
}

function nextRing({ core }: QueueRun): Ring | undefined {
  const isPaused = core.paused !== undefined || core.workflowPaused !== undefined;
  const open = core.rings
    .filter(({ epoch, priority }) => epoch <= core.epoch && (!isPaused || priority === continuePriority))
    .toSorted((one, other) => one.epoch - other.epoch || other.priority - one.priority);
  const [overdue] = open
    .filter(({ epoch, passes }) => epoch === open[0]?.epoch && passes >= maxPassesOver)
    .toSorted((one, other) => other.passes - one.passes);
  return overdue ?? open[0];
}

/** Counts a grant to a lane for the rings that it passed over. */
export function countPasses(run: QueueRun, { priority, epoch }: Lane): void {
  const rings = run.core.rings.map((ring) => {
    if (ring.epoch !== epoch) return ring;
    return { ...ring, passes: ring.priority === priority ? 0 : ring.passes + 1 };
  });
  updateCore(run, { rings });
}

function ringOf({ core }: QueueRun, { priority, epoch }: Pick<Ring, "priority" | "epoch">): Ring | undefined {
  return core.rings.find((ring) => ring.priority === priority && ring.epoch === epoch);
}

function ringName({ epoch, priority }: Ring): string {
  return `${epoch}:${priority}`;
}

function storeRing(run: QueueRun, ring: Ring): void {
  const others = run.core.rings.filter((each) => ringName(each) !== ringName(ring));
  updateCore(run, { rings: ring.head < ring.tail ? [...others, ring] : others });
}
