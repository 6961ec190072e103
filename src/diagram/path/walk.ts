import type { DiagramNode } from "../contract/diagram.ts";
import { failureEdges } from "./net.ts";
import type { Net, NumberedEdge } from "./net.ts";
import { costOfMatch } from "./step-match.ts";
import type { ObservedStep } from "./step-match.ts";

/**
 * The positions that an execution may have in a diagram, and how they change.
 *
 * 1. An execution is a set of threads. Each has passed a node, its `last`, and goes on along one of its edges. Only the thread that
 *    makes the next step moves; the others move once they are needed.
 * 2. A `parallel` node makes a thread for each branch, and its own thread waits at the `join`. It continues if its branches can all
 *    reach the join without further steps, or as the mode says. A failure may leave the join at any time, and branches go on then.
 * 3. A thread with `isSource` makes any number of threads like itself: of branches for each of any number of items.
 * 4. Any code may fail: a thread may go from within the group of a `try` or `catch` along its `error` edge. This and other detours have a
 *    cost, so that the likely path is found among the possible ones.
 */
export interface Walk {
  readonly threads: readonly Thread[];
  readonly cost: number;
  /** What was passed, latest first. */
  readonly trail: Trail | undefined;
}

export interface Trail {
  readonly passed:
    | { readonly node: string }
    | { readonly edge: number }
    | { readonly node: string; readonly step: number };
  readonly before: Trail | undefined;
}

export interface Thread {
  readonly last: string;
  /** The only edge by which it goes on. */
  readonly via?: NumberedEdge;
  /** The fork that made it; 0 for the main thread, `detached` if nothing waits for it. */
  readonly fork: number;
  /** The node of that fork. */
  readonly forkNode?: string;
  /** The fork whose branches it waits for. */
  readonly waitsFor?: number;
  readonly isSource?: true;
  /** True if it stands for code that may do any step. */
  readonly isOpaque?: true;
}

const failureCost = 1;
const skippedCost = 1;
const opaqueCost = 6;

/** What a thread is to do next. */
export type Goal =
  | {
      readonly is: "step";
      readonly step: ObservedStep;
      readonly index: number;
      /** The nodes that may account for it. */
      readonly targets: ReadonlySet<string>;
    }
  /** The main thread returns. */
  | { readonly is: "end" }
  /** A branch reaches the end of its fork. */
  | { readonly is: "arrive" };

type Moves = (readonly [Walk, Thread])[];

const maxVisited = 2_000;

/** The ways in which one thread of a walk reaches its goal without another step, those of least cost first. */
export function advance(net: Net, walk: Walk, chosen: Thread, goal: Goal, maxDetour: number): Walk[] {
  if (!mayReach(net, chosen, goal)) return [];
  const found: Walk[] = [];
  const seen = new Set<string>();
  const open: Moves[] = Array.from({ length: maxDetour + 1 }, () => []);
  open[0]?.push([walk, chosen]);
  for (const moves of open) {
    for (let next = moves.shift(); next !== undefined; next = moves.shift()) {
      const [at, thread] = next;
      const key = `${keyOfThread(thread)}|${keyOf(at)}`;
      if (seen.has(key)) continue;
      if (seen.size >= maxVisited) return found;
      seen.add(key);
      for (const move of movesOf(net, at, thread, { goal, found, maxDetour }))
        if (mayReach(net, move[1], goal)) open[move[0].cost - walk.cost]?.push(move);
    }
  }
  return found;
}

/** False if no way of the thread leads there. */
function mayReach(net: Net, { last, via, isOpaque, forkNode }: Thread, goal: Goal): boolean {
  if (isOpaque === true) return goal.is === "step";
  if (goal.is !== "step") return true;
  const { targets } = goal;
  if (via === undefined && targets.has(last)) return true;
  const after = via === undefined || forkNode === undefined ? net.after(last) : net.after(via.to);
  if (via !== undefined && targets.has(via.to)) return true;
  for (const target of targets) if (after.has(target)) return true;
  return false;
}

interface Search {
  readonly goal: Goal;
  readonly found: Walk[];
  /** What one step may cost: a few failures that the steps do not show. */
  readonly maxDetour: number;
}

function movesOf(net: Net, walk: Walk, thread: Thread, search: Search): Moves {
  const { goal, found, maxDetour } = search;
  if (thread.isOpaque === true) {
    if (goal.is === "step")
      found.push({
        ...walk,
        cost: walk.cost + opaqueCost,
        trail: stepped(walk.trail, thread.last, goal.index),
      });
    return [];
  }
  if (thread.isSource === true) {
    const { isSource: _, ...one } = thread;
    return [[{ ...walk, threads: [...walk.threads, one] }, one]];
  }
  const failures = failuresOf(net, walk, thread);
  if (thread.waitsFor !== undefined) {
    const { waitsFor: _, ...free } = thread;
    const passed = passJoin(net, walk, thread, maxDetour).map((after): Moves[number] => [
      swap(after, thread, free),
      free,
    ]);
    return [...passed, ...failures];
  }
  repeatStep(net, walk, thread, search);
  const edges = thread.via === undefined ? net.out(thread.last) : [thread.via];
  return [...edges.flatMap((edge) => enter(net, walk, { thread, edge }, search)), ...failures];
}

/** A node may stand for several steps. */
function repeatStep(net: Net, walk: Walk, thread: Thread, { goal, found }: Search): void {
  const node = net.node(thread.last);
  if (goal.is !== "step" || node.step?.times !== "many" || thread.via !== undefined) return;
  const cost = costOfMatch(goal.step, node);
  if (cost !== undefined)
    found.push({ ...walk, cost: walk.cost + cost, trail: stepped(walk.trail, node.id, goal.index) });
}

/** Where a failure at the position of the thread may continue, in this group or in one around it. */
function failuresOf(net: Net, walk: Walk, thread: Thread): Moves {
  const moves: Moves = [];
  const { via: _via, waitsFor, ...free } = thread;
  const left = waitsFor === undefined ? walk : detach(walk, waitsFor);
  // A branch that has not begun is at the edge out of its fork.
  if (thread.via !== undefined && thread.forkNode === thread.last) return moves;
  for (const edge of failureEdges(net, thread.last)) {
    const after = { ...free, last: edge.to };
    moves.push([swap(passing(left, edge, failureCost), thread, after), after]);
  }
  return moves;
}

interface Entering {
  readonly thread: Thread;
  readonly edge: NumberedEdge;
}

function enter(net: Net, walk: Walk, { thread, edge }: Entering, { goal, found }: Search): Moves {
  const node = net.node(edge.to);
  const along = passing(walk, edge, 0);
  const { via: _, ...free } = thread;
  const after: Thread = { ...free, last: node.id };
  if (node.step !== undefined) {
    const cost = goal.is === "step" ? costOfMatch(goal.step, node) : undefined;
    if (cost !== undefined && goal.is === "step") {
      const taken = { ...along, cost: along.cost + cost, trail: stepped(along.trail, node.id, goal.index) };
      found.push(swap(taken, thread, after));
    }
    if (node.step.times === "once") return [];
    const skipped = swap(along, thread, after);
    return [[{ ...skipped, cost: skipped.cost + skippedCost }, after]];
  }
  switch (node.kind) {
    case "join":
      if (node.group === thread.forkNode && goal.is === "arrive") found.push(without(along, thread));
      return [];
    case "end":
      if (goal.is === "end" && thread.fork === 0) found.push(swap(along, thread, after));
      return [];
    case "parallel":
    case "background":
    case "opaque":
      return forkAt(net, along, { thread, after }, node);
    default:
      return [[swap(along, thread, after), after]];
  }
}

interface Forking {
  readonly thread: Thread;
  readonly after: Thread;
}

function forkAt(net: Net, walk: Walk, { thread, after }: Forking, node: DiagramNode): Moves {
  const edges = net.out(node.id);
  const join = node.kind === "parallel" ? net.joinOf(node.id) : undefined;
  const fork = join === undefined ? detached : freeFork(walk);
  const branches = edges
    .filter(({ kind }) => kind === "fork" || kind === "each")
    .map((via): Thread => {
      const isSource = via.kind === "each" || join === undefined;
      return { last: node.id, via, fork, forkNode: node.id, ...(isSource ? { isSource } : {}) };
    });
  const onward = edges.find(({ kind }) => kind === "next");
  const main: Thread =
    join === undefined
      ? { ...after, ...(onward === undefined ? {} : { via: onward }) }
      : { ...after, last: join.id, waitsFor: fork };
  const extra: Thread[] =
    node.kind === "opaque" ? [{ last: node.id, fork, forkNode: node.id, isOpaque: true }] : [];
  const forked = [...branches, ...extra].reduce(withThread, swap(walk, thread, main));
  return [main, ...forked.threads.slice(walk.threads.length)].map((each) => [forked, each]);
}

const detached = -1;

function freeFork({ threads }: Walk): number {
  let fork = 1;
  while (threads.some((thread) => thread.fork === fork || thread.waitsFor === fork)) fork++;
  return fork;
}

/** Adds a thread. Of threads that nothing waits for, one stands for any number of the same. */
function withThread(walk: Walk, thread: Thread): Walk {
  if (thread.fork !== detached) return { ...walk, threads: [...walk.threads, thread] };
  const { isSource: _, ...one } = thread;
  const single = keyOfThread(one);
  const many: Thread = { ...one, isSource: true };
  if (walk.threads.some((other) => keyOfThread(other) === keyOfThread(many))) return walk;
  const same = walk.threads.find((other) => keyOfThread(other) === single);
  if (same !== undefined && thread.isOpaque !== true) return swap(walk, same, many);
  return same === undefined ? { ...walk, threads: [...walk.threads, thread] } : walk;
}

/** Nothing waits any longer for the branches of a fork. */
function detach(walk: Walk, fork: number): Walk {
  const branches = walk.threads.filter((thread) => thread.fork === fork);
  const others = { ...walk, threads: walk.threads.filter((thread) => thread.fork !== fork) };
  return branches.map((branch) => ({ ...branch, fork: detached })).reduce(withThread, others);
}

/** The walks in which the thread that waits at a join may go on. */
function passJoin(net: Net, walk: Walk, { last, waitsFor }: Thread, maxDetour: number): Walk[] {
  const join = net.node(last);
  const fork = join.group === undefined ? undefined : net.node(join.group);
  const branches = walk.threads.filter((thread) => thread.fork === waitsFor);
  const mode = fork?.join ?? "all";
  if (mode === "all" || mode === "allSettled") {
    const done = endAll(net, walk, branches, { mayFail: mode === "allSettled", maxDetour });
    return done === undefined ? [] : [done];
  }
  const first = branches.flatMap((branch) =>
    cheapest(advance(net, walk, branch, { is: "arrive" }, maxDetour)),
  );
  return first.map((after) => detach(after, waitsFor ?? detached));
}

/** Ends all branches without further steps, if they can. */
function endAll(
  net: Net,
  walk: Walk,
  branches: readonly Thread[],
  { mayFail, maxDetour }: { readonly mayFail: boolean; readonly maxDetour: number },
): Walk | undefined {
  let at: Walk = walk;
  for (const branch of branches) {
    const ended =
      branch.isSource === true
        ? [without(at, branch)]
        : cheapest(advance(net, at, branch, { is: "arrive" }, maxDetour));
    const failed = mayFail ? [{ ...without(at, branch), cost: at.cost + failureCost }] : [];
    const [next] = cheapest([...ended, ...failed]);
    if (next === undefined) return undefined;
    at = next;
  }
  return at;
}

function cheapest(walks: readonly Walk[]): Walk[] {
  const [first, ...others] = walks;
  return first === undefined
    ? []
    : [others.reduce((best, walk) => (walk.cost < best.cost ? walk : best), first)];
}

function passing(walk: Walk, { number }: NumberedEdge, cost: number): Walk {
  return { ...walk, cost: walk.cost + cost, trail: { passed: { edge: number }, before: walk.trail } };
}

function stepped(before: Trail | undefined, node: string, step: number): Trail {
  return { passed: { node, step }, before };
}

function swap(walk: Walk, thread: Thread, other: Thread): Walk {
  const index = walk.threads.indexOf(thread);
  return { ...walk, threads: walk.threads.with(index, other) };
}

function without(walk: Walk, thread: Thread): Walk {
  return { ...walk, threads: walk.threads.toSpliced(walk.threads.indexOf(thread), 1) };
}

/** Equal for walks that can continue in the same ways. */
export function keyOf({ threads }: Walk): string {
  return threads.map(keyOfThread).toSorted().join(" ");
}

export function keyOfThread({ last, via, fork, waitsFor, isSource, isOpaque }: Thread): string {
  return `${last},${via?.number ?? ""},${fork},${waitsFor ?? ""},${isSource ?? ""}${isOpaque ?? ""}`;
}
