import type { Arm, Branch, Part, Shown } from "../analysis/flow.ts";
import { sizeOf } from "../analysis/flow.ts";
import type { Diagram, DiagramEdge, DiagramNode, NodeKind } from "../contract/diagram.ts";
import type { Place } from "../source/place.ts";
import { jump } from "./scopes.ts";
import type { Jump, Loose, Scope } from "./scopes.ts";

/** A function with fewer nodes is shown as if its code were in place of the call. */
const minFramedNodes = 4;

/**
 * Turns the parts of a workflow into a graph.
 *
 * Each part takes the loose edges that lead to it, connects them to its first node, and returns those that lead on. Without any, it
 * is never reached and makes no nodes. The first node that a part makes is the one through which it is entered.
 */
export function buildGraph(parts: readonly Part[], at: Place): Diagram {
  const graph: Graph = { nodes: [], edges: [] };
  const scope = { of: "function" as const, returns: [] as Loose[], outer: undefined };
  const [first, ...others] = parts;
  const ends =
    first?.part === "branch" && first.isEntryPoint === true
      ? flow(graph, others, entryPoints(graph, first, scope), { scope })
      : flow(graph, parts, [start(graph, at, "start")], { scope });
  const last = [...ends, ...scope.returns];
  if (last.length > 0) addNode(graph, "end", { ...placed(at), label: "end" }, last, {});
  return graph;
}

/** A workflow that first decides by the entry point has a start for each. */
function entryPoints(graph: Graph, part: Of<"branch">, scope: Scope): readonly Loose[] {
  const target = switchScope(part.isSwitch === true, scope);
  const ends = part.arms.flatMap((arm) =>
    flow(graph, arm.flow, [start(graph, part, arm.label ?? "any other entry point")], {
      scope: target ?? scope,
    }),
  );
  return [...ends, ...(target?.breaks ?? [])];
}

function start(graph: Graph, at: Place, label: string): Loose {
  return next(addNode(graph, "start", { ...placed(at), label }, [], {}));
}

interface Position {
  readonly scope: Scope;
  readonly group?: string | undefined;
}

type Of<T extends Part["part"]> = Extract<Part, { part: T }>;
type Extra = Partial<Pick<DiagramNode, "note" | "step" | "join" | "isEach">>;

function switchScope(isSwitch: boolean, outer: Scope): Extract<Scope, { of: "target" }> | undefined {
  return isSwitch ? { of: "target", is: "switch", labels: [], breaks: [], continues: [], outer } : undefined;
}

interface Graph {
  readonly nodes: DiagramNode[];
  readonly edges: DiagramEdge[];
}

function addNode(
  graph: Graph,
  kind: NodeKind,
  shown: Shown,
  preds: readonly Loose[],
  { group }: Pick<Position, "group">,
  extra: Extra = {},
): string {
  const { label, note, file, line, column } = shown;
  const id = `n${graph.nodes.length + 1}`;
  const given = { ...(note === undefined ? {} : { note }), ...(group === undefined ? {} : { group }) };
  graph.nodes.push({ id, kind, label, file, line, column, ...given, ...extra });
  connect(graph, preds, id);
  return id;
}

function connect(graph: Graph, preds: readonly Loose[], to: string): void {
  for (const { from, kind, label } of preds) {
    const edge = { from, to, kind, ...(label === undefined ? {} : { label }) };
    if (
      !graph.edges.some(
        (other) => other.from === from && other.to === to && other.kind === kind && other.label === label,
      )
    )
      graph.edges.push(edge);
  }
}

function flow(
  graph: Graph,
  parts: readonly Part[],
  preds: readonly Loose[],
  position: Position,
): readonly Loose[] {
  let loose = preds;
  for (const part of parts) {
    if (loose.length === 0) return [];
    loose = add(graph, part, loose, position);
  }
  return loose;
}

function add(graph: Graph, part: Part, preds: readonly Loose[], position: Position): readonly Loose[] {
  switch (part.part) {
    case "step":
      return [next(addNode(graph, part.kind, part, preds, position, { step: part.step }))];
    case "branch":
      return branch(graph, part, preds, position);
    case "loop":
      return loop(graph, part, preds, position);
    case "parallel":
      return parallel(graph, part, preds, position);
    case "background":
      return background(graph, part, preds, position);
    case "opaque":
      return opaque(graph, part, preds, position);
    case "try":
      return attempt(graph, part, preds, position);
    case "function":
      return inlined(graph, part, preds, position);
    case "block":
      return labeled(graph, part, preds, position);
    case "return":
      return leave(graph, part, preds, position);
    case "throw": {
      const id = addNode(graph, "throw", part, preds, position);
      jump([{ from: id, kind: "error" }], { to: "throw" }, position.scope);
      return [];
    }
    default:
      jump(preds, { to: part.part, name: part.name }, position.scope);
      return [];
  }
}

function branch(
  graph: Graph,
  { arms, isSwitch, ...part }: Of<"branch">,
  preds: readonly Loose[],
  position: Position,
): readonly Loose[] {
  const id = addNode(graph, "branch", part, preds, position);
  const target = switchScope(isSwitch === true, position.scope);
  const within = target === undefined ? position : { ...position, scope: target };
  const ends = arms.flatMap((arm) => flow(graph, arm.flow, [armEdge(id, arm)], within));
  return [...ends, ...(target?.breaks ?? [])];
}

function loop(
  graph: Graph,
  part: Of<"loop">,
  preds: readonly Loose[],
  { scope, group }: Position,
): readonly Loose[] {
  const { test, body, update, labels, isBodyFirst = false, isEndless = false } = part;
  const target: Scope = { of: "target", is: "loop", labels, breaks: [], continues: [], outer: scope };
  const id = addNode(graph, "loop", part, isBodyFirst ? [] : preds, { group });
  const within = { scope: target, group: id };
  if (isBodyFirst) {
    const first = graph.nodes.length;
    const bodyEnds = flow(graph, body, [...preds, { from: id, kind: "each" }], within);
    const tested = flow(graph, test, [...bodyEnds, ...target.continues], within);
    connect(graph, again(tested), id);
    // A body without nodes leads to the test at once.
    if (graph.nodes.length === first) connect(graph, preds, id);
  } else {
    const first = graph.nodes.length;
    const ready = flow(graph, test, preds, within);
    const entry = graph.nodes[first]?.id ?? id;
    connect(graph, ready, id);
    const bodyEnds = flow(graph, body, [{ from: id, kind: "each" }], within);
    connect(graph, again(flow(graph, update, [...bodyEnds, ...target.continues], within)), entry);
  }
  return [...(isEndless ? [] : [{ from: id, kind: "done" as const }]), ...target.breaks];
}

function forked(
  graph: Graph,
  id: string,
  branches: readonly Branch[],
  { scope }: Position,
  isEach: boolean,
): Loose[] {
  return branches.flatMap(({ flow: parts, label }) => {
    const outer: Scope = { of: "branch", returns: [], outer: scope };
    const edge: Loose = {
      from: id,
      kind: isEach ? "each" : "fork",
      ...(label === undefined || /^\d+$/.test(label) ? {} : { label }),
    };
    return [...flow(graph, parts, [edge], { scope: outer, group: id }), ...outer.returns];
  });
}

function parallel(
  graph: Graph,
  part: Of<"parallel">,
  preds: readonly Loose[],
  position: Position,
): readonly Loose[] {
  const { mode, isEach = false, branches } = part;
  const id = addNode(graph, "parallel", part, preds, position, { join: mode, ...(isEach ? { isEach } : {}) });
  const ends = forked(graph, id, branches, position, isEach);
  const { file, line, column } = part;
  const joined = addNode(
    graph,
    "join",
    { file, line, column, label: joinLabels[mode] },
    [...ends, { from: id, kind: "next" }],
    { group: id },
  );
  return [next(joined)];
}

function background(
  graph: Graph,
  part: Of<"background">,
  preds: readonly Loose[],
  position: Position,
): readonly Loose[] {
  const { isEach = false, branches } = part;
  const id = addNode(graph, "background", part, preds, position, isEach ? { isEach } : {});
  forked(graph, id, branches, position, isEach);
  return [next(id)];
}

function opaque(
  graph: Graph,
  part: Of<"opaque">,
  preds: readonly Loose[],
  position: Position,
): readonly Loose[] {
  const id = addNode(graph, "opaque", part, preds, position);
  forked(graph, id, part.called, position, true);
  return [next(id)];
}

function attempt(
  graph: Graph,
  part: Of<"try">,
  preds: readonly Loose[],
  position: Position,
): readonly Loose[] {
  const { handler, finalizer, body, ...shown } = part;
  const { scope, group } = position;
  const last: Extract<Scope, { of: "finally" }> = {
    of: "finally",
    entries: [],
    jumps: new Map(),
    outer: scope,
  };
  const outer = finalizer === undefined ? scope : last;
  const errors: Loose[] = [];
  const id = addNode(graph, "try", shown, preds, position);
  const inner: Scope = handler === undefined ? outer : { of: "handler", errors, outer };
  const ends = [...flow(graph, body, [next(id)], { scope: inner, group: id })];
  const failed: Loose[] = [{ from: id, kind: "error" }];
  if (handler !== undefined) {
    const caught = addNode(graph, "catch", handler, [...failed, ...errors], { group });
    ends.push(...flow(graph, handler.flow, [next(caught)], { scope: outer, group: caught }));
    failed.splice(0, 1, { from: caught, kind: "error" });
  }
  if (finalizer === undefined) return ends;
  const finish = addNode(graph, "finally", finalizer, [...ends, ...last.entries, ...failed], { group });
  const finished = flow(graph, finalizer.flow, [next(finish)], { scope, group: finish });
  for (const way of last.jumps.values()) pass(way, finished, scope);
  return ends.length > 0 ? finished : [];
}

/** Continues a jump that went through a `finally`. */
function pass(way: Jump, loose: readonly Loose[], scope: Scope): void {
  const labeled = loose.map((edge) => ({ ...edge, label: edge.label ?? way.to }));
  jump(labeled, way, scope);
}

function inlined(
  graph: Graph,
  part: Of<"function">,
  preds: readonly Loose[],
  { scope, group }: Position,
): readonly Loose[] {
  const outer: Scope = { of: "function", returns: [], outer: scope };
  const isFramed = sizeOf(part.body) >= minFramedNodes;
  const id = isFramed ? addNode(graph, "function", part, preds, { group }) : undefined;
  const ends = flow(graph, part.body, id === undefined ? preds : [next(id)], {
    scope: outer,
    group: id ?? group,
  });
  return [...ends, ...outer.returns];
}

function labeled(
  graph: Graph,
  { name, body }: Of<"block">,
  preds: readonly Loose[],
  position: Position,
): readonly Loose[] {
  const target: Scope = {
    of: "target",
    is: "block",
    labels: [name],
    breaks: [],
    continues: [],
    outer: position.scope,
  };
  return [...flow(graph, body, preds, { ...position, scope: target }), ...target.breaks];
}

/** `return` of the workflow is a node, so that a reader sees which result it is; in other functions it is an edge. */
function leave(
  graph: Graph,
  part: Of<"return">,
  preds: readonly Loose[],
  { scope, group }: Position,
): readonly Loose[] {
  if (isOutermost(scope)) addNode(graph, "end", part, preds, { group });
  else jump(preds, { to: "return" }, scope);
  return [];
}

const joinLabels = {
  all: "all done",
  allSettled: "all ended",
  race: "the first ended",
  any: "the first succeeded",
};

function placed({ file, line, column }: Place): Place {
  return { file, line, column };
}

/** True if `return` there ends the workflow, without a `finally` before. */
function isOutermost(scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    if (at.of === "finally" || at.of === "branch") return false;
    if (at.of === "function") return at.outer === undefined;
  }
  return true;
}

function next(from: string): Loose {
  return { from, kind: "next" };
}

function armEdge(from: string, { edge, label }: Arm): Loose {
  return { from, kind: edge, ...(label === undefined ? {} : { label }) };
}

/** An edge that decides something remains what it is. */
function again(loose: readonly Loose[]): Loose[] {
  return loose.map((edge) => (edge.kind === "next" ? { ...edge, kind: "again" } : edge));
}
