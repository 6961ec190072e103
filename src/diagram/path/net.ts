import type { Diagram, DiagramEdge, DiagramNode } from "../contract/diagram.ts";

/** A diagram as a walk needs it. */
export interface Net {
  readonly starts: readonly DiagramNode[];
  node(id: string): DiagramNode;
  /** Edges of a node, by their position in the diagram, without those that a failure of its group takes. */
  out(id: string): readonly NumberedEdge[];
  /** Edges to where a failure in the group of the node continues. */
  errors(id: string): readonly NumberedEdge[];
  joinOf(fork: string): DiagramNode | undefined;
  /** The nodes that a thread may come to after it has passed this one, and to which its branches may. */
  after(id: string): ReadonlySet<string>;
  readonly nodes: readonly DiagramNode[];
}

export interface NumberedEdge extends DiagramEdge {
  readonly number: number;
}

export function netOf({ nodes, edges }: Diagram): Net {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const out = new Map<string, NumberedEdge[]>(nodes.map(({ id }) => [id, []]));
  const errors = new Map<string, NumberedEdge[]>(nodes.map(({ id }) => [id, []]));
  const joins = new Map(
    nodes.flatMap((node) => (node.kind === "join" && node.group !== undefined ? [[node.group, node]] : [])),
  );
  for (const [number, edge] of edges.entries()) {
    const isImplied = edge.kind === "error" && byId.get(edge.from)?.kind !== "throw";
    (isImplied ? errors : out).get(edge.from)?.push({ ...edge, number });
  }
  const net: Omit<Net, "after"> = {
    nodes,
    starts: nodes.filter(({ kind }) => kind === "start"),
    node(id) {
      const node = byId.get(id);
      if (node === undefined) throw new Error(`The diagram has no node ${id}`);
      return node;
    },
    out: (id) => out.get(id) ?? [],
    errors: (id) => errors.get(id) ?? [],
    joinOf: (fork) => joins.get(fork),
  };
  const known = new Map<string, ReadonlySet<string>>();
  return {
    ...net,
    after(id) {
      const found = known.get(id) ?? reachable(net, id);
      known.set(id, found);
      return found;
    },
  };
}

function reachable(net: Omit<Net, "after">, from: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const edge of [...net.out(id), ...failureEdges(net, id)]) {
      const isNew = !reached.has(edge.to);
      reached.add(edge.to);
      // A branch ends at its join. The thread that waits there goes on.
      const endsThere = net.node(edge.to).kind === "join" && net.node(edge.to).group !== id;
      if (isNew && !endsThere) open.push(edge.to);
      if (!isNew && !endsThere && net.node(edge.to).kind === "join")
        open.push(
          ...net
            .out(edge.to)
            .map(({ to }) => to)
            .filter((to) => !reached.has(to)),
        );
    }
  }
  return reached;
}

/** Edges along which a failure at this node may continue in its thread. */
export function failureEdges(net: Omit<Net, "after">, from: string): readonly NumberedEdge[] {
  const edges: NumberedEdge[] = [];
  const isJoin = net.node(from).kind === "join";
  for (let id: string | undefined = from; id !== undefined; id = net.node(id).group) {
    const isFork = ["parallel", "background", "opaque"].includes(net.node(id).kind);
    // A branch does not fail further than its fork; the join and the fork itself belong to the thread around it.
    if (isFork && id !== from && !(isJoin && net.node(from).group === id)) break;
    if (!(isJoin && id === from)) edges.push(...net.errors(id));
  }
  return edges;
}
