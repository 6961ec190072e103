import type { Diagram } from "../contract/diagram.ts";
import { netOf } from "./net.ts";
import type { Net } from "./net.ts";
import { costOfMatch } from "./step-match.ts";
import type { ObservedStep } from "./step-match.ts";
import { advance, keyOf, keyOfThread } from "./walk.ts";
import type { Goal, Thread, Walk } from "./walk.ts";

export interface PathOptions {
  /** Set if the execution has returned: the path ends where it may return. */
  readonly hasReturned?: boolean;
  /** The entry point of the execution. */
  readonly entryPoint?: string | undefined;
}

interface Effort {
  /** How many positions are followed. */
  readonly maxWalks: number;
  readonly maxDetour: number;
}

/** Most executions follow the likely path. More involved ones are searched for with more effort. */
const efforts: readonly Effort[] = [
  { maxWalks: 6, maxDetour: 1 },
  { maxWalks: 40, maxDetour: 3 },
  { maxWalks: 300, maxDetour: 8 },
];

/** The way of an execution through a diagram. */
export interface DiagramPath {
  /** The node of each step; undefined for a step that no node accounts for. */
  readonly nodes: readonly (string | undefined)[];
  /** How often each edge was taken, by its position in the diagram. */
  readonly edges: ReadonlyMap<number, number>;
  /** The nodes that threads of it have passed last. */
  readonly at: readonly string[];
  /** 0 if nothing unlikely was assumed, such as a failure that the steps do not show. */
  readonly cost: number;
}

/**
 * Finds the path of an execution: the nodes of its steps, in the order in which it made them.
 *
 * @returns undefined if the steps are not a path of the diagram, so that one of them is wrong
 */
export function findPath(
  diagram: Diagram,
  steps: readonly ObservedStep[],
  options: PathOptions = {},
): DiagramPath | undefined {
  const net = netOf(diagram);
  for (const effort of efforts) {
    const found = search(net, steps, { ...options, ...effort });
    if (found !== undefined) return pathOf(found, steps.length);
  }
  return undefined;
}

function search(
  net: Net,
  steps: readonly ObservedStep[],
  { hasReturned = false, entryPoint, maxWalks, maxDetour }: PathOptions & Effort,
): Walk | undefined {
  let walks = startsOf(net, entryPoint);
  for (const [index, step] of steps.entries()) {
    const targets = new Set(
      net.nodes.flatMap((node) =>
        node.kind === "opaque" || costOfMatch(step, node) !== undefined ? [node.id] : [],
      ),
    );
    const goal = { is: "step" as const, step, index, targets };
    walks = best(
      walks.flatMap((walk) => afterStep(net, walk, goal, maxDetour)),
      maxWalks,
    );
  }
  if (!hasReturned) return walks[0];
  const ended = walks.flatMap((walk) =>
    mainOf(walk).flatMap((thread) => advance(net, walk, thread, { is: "end" }, maxDetour)),
  );
  return best(ended, 1)[0];
}

function startsOf(net: Net, entryPoint: string | undefined): Walk[] {
  const named = net.starts.filter(({ label }) => label.split(", ").includes(entryPoint ?? ""));
  return net.starts.map((node) => ({
    threads: [{ last: node.id, fork: 0 }],
    cost: named.length === 0 || named.includes(node) ? 0 : 1,
    trail: undefined,
  }));
}

function afterStep(net: Net, walk: Walk, goal: Extract<Goal, { is: "step" }>, maxDetour: number): Walk[] {
  const distinct = new Map(walk.threads.map((thread) => [keyOfThread(thread), thread]));
  const walks = [...distinct.values()].flatMap((thread) => advance(net, walk, thread, goal, maxDetour));
  // Duranium asks for the next event of a name when the one before has arrived, wherever the workflow is.
  const isAskedLater = goal.step.name.startsWith("wait for event ") && goal.step.place === undefined;
  return isAskedLater ? [...walks, { ...walk, cost: walk.cost + 2 }] : walks;
}

function mainOf({ threads }: Walk): readonly Thread[] {
  return threads.filter(({ fork, isOpaque }) => fork === 0 && isOpaque !== true);
}

function best(walks: readonly Walk[], count: number): Walk[] {
  const byKey = new Map<string, Walk>();
  for (const walk of walks) {
    const key = keyOf(walk);
    const known = byKey.get(key);
    if (known === undefined || walk.cost < known.cost) byKey.set(key, walk);
  }
  return [...byKey.values()].toSorted((one, other) => one.cost - other.cost).slice(0, count);
}

function pathOf({ threads, cost, trail }: Walk, count: number): DiagramPath {
  const nodes: (string | undefined)[] = Array.from({ length: count }, () => undefined);
  const edges = new Map<number, number>();
  for (let at = trail; at !== undefined; at = at.before) {
    const { passed } = at;
    if ("edge" in passed) edges.set(passed.edge, (edges.get(passed.edge) ?? 0) + 1);
    else if ("step" in passed) nodes[passed.step] = passed.node;
  }
  const running = threads.filter(
    ({ isSource, isOpaque, via }) => isSource !== true && isOpaque !== true && via === undefined,
  );
  return { nodes, edges, at: [...new Set(running.map(({ last }) => last))], cost };
}
