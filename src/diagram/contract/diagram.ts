/**
 * The diagram of a workflow: a graph of what its source may do, made by reading the source without running it.
 *
 * 1. **Every execution is a walk through it.** Whatever an execution did, its steps are those of nodes along a path, where the
 *    branches of a `parallel` node run interleaved. What the analysis does not understand is an `opaque` node, which may do any
 *    steps.
 * 2. The reverse does not hold: conditions are not evaluated, so some paths never happen.
 * 3. The names of kinds and the fields are frozen; more may be added.
 *
 * `path/` finds the path of an execution, and is the definition of what the graph means.
 */
export interface Diagram {
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

/** Operations of the journal. The node of one stands for one call of it, or for what `ctx.state.update` does. */
export const stepKinds = [
  "fetch",
  "sleep",
  "timer",
  "wait",
  "callback",
  "call",
  "send",
  "state",
  "hmac",
  "tag",
] as const;

/** Everything else. */
export const controlKinds = [
  /** Where an execution starts: one for each entry point that the source distinguishes. */
  "start",
  /** The workflow returns. */
  "end",
  /** Takes one of its edges. */
  "branch",
  /** Repeats the nodes of its group: `each` leads into them, `done` past them. */
  "loop",
  /** Starts its branches, which run interleaved, and waits for them at its `join`. */
  "parallel",
  "join",
  /** Starts its branches and does not wait for them. */
  "background",
  /** Its group may fail at any point, which continues along its `error` edge. */
  "try",
  "catch",
  "finally",
  /** A function of the workflow, as the group of what it does. */
  "function",
  "throw",
  /** Code that is not understood. It may do any steps, as long as the execution is in progress. */
  "opaque",
] as const;

export type StepKind = (typeof stepKinds)[number];
export type NodeKind = StepKind | (typeof controlKinds)[number];

export interface DiagramNode {
  /** `n1`, `n2`… in the order of the source as it runs. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** What a reader may want to know in addition. */
  readonly note?: string;
  readonly file: string;
  /** Line and column, from 1, of the name of the called function, as in a stack trace, or of the statement. */
  readonly line: number;
  readonly column: number;
  /** The node whose group it belongs to. */
  readonly group?: string;
  /** How a `parallel` node ends: with all branches, all however they end, the first that ends, or the first that succeeds. */
  readonly join?: JoinMode;
  /** True if a `parallel` or `background` node has a branch for each of any number of items. */
  readonly isEach?: true;
  /** The steps that it stands for. */
  readonly step?: StepShape;
}

export type JoinMode = "all" | "allSettled" | "race" | "any";

/** What is known of the steps of a node. */
export interface StepShape {
  /** Names of journal entries. In place of null there is any text. */
  readonly names: readonly (readonly (string | null)[])[];
  /** `many`: any number of steps with these names, also none. */
  readonly times: "once" | "optional" | "many";
  /** True if the steps do not say where they were called, as those of helpers do not. */
  readonly isElsewhere?: true;
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly label?: string;
}

export const edgeKinds = [
  "next",
  /** Of a `branch`. */
  "yes",
  "no",
  "case",
  /** From a `loop` into its group, or from a `parallel`, `background` or `opaque` node into a branch for each item. */
  "each",
  "done",
  /** Back to a `loop`. */
  "again",
  /** From a `parallel` or `background` node into one of its branches. */
  "fork",
  /** To where a failure continues. */
  "error",
] as const;

export type EdgeKind = (typeof edgeKinds)[number];
