import type { CallExpression, NewExpression, Node, OptionalCallExpression, Statement } from "@babel/types";
import type { Part } from "./flow.ts";
import type { Closure, Module, Scope, Value, Variable } from "./value.ts";

export function createScope(parent: Scope | undefined): Scope {
  return { variables: new Map(), parent };
}

export function lookUp(scope: Scope, name: string): Variable | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.variables.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where an expression or a statement is evaluated. */
export interface Frame {
  readonly analysis: Analysis;
  readonly module: Module;
  readonly scope: Scope;
  /** What the code does, in order. */
  readonly out: Part[];
  /** `this`. */
  readonly self: Value | undefined;
  /** The functions that are being followed. */
  readonly calls: readonly Node[];
  /** What `return` returns. */
  readonly returned: Value[];
  /** True in an async function, whose `return` waits for promises. */
  readonly isAsync: boolean;
  /** True if a `finally` runs before `return` has waited. */
  readonly isGuarded: boolean;
}

/** The state of an analysis of one workflow. */
export interface Analysis {
  /** What is known of variables that are assigned several times, and of literals that are changed. Grows from pass to pass. */
  readonly facts: Map<Node, Fact>;
  /** True if a fact was learned that an earlier part of this pass did not know. */
  hasLearned: boolean;
  /** How many more parts may be made. */
  budget: number;
  readonly evaluator: Evaluator;
}

/** The parts of an analysis that need each other. */
export interface Evaluator {
  /** Follows an expression, and returns its value, which may be a promise that the caller has to start. */
  readonly evaluate: (node: Node, frame: Frame) => Value;
  /** Follows an expression and waits for its value. */
  readonly awaited: (node: Node, frame: Frame) => Value;
  readonly execute: (statements: readonly Statement[], frame: Frame) => void;
  /** Follows a call whose function and arguments are known. */
  readonly callClosure: (closure: Closure, args: readonly Value[], call: CallSite) => Value;
  readonly callValue: (callee: Value, args: readonly Value[], call: CallSite) => Value;
}

/** A call in the source, or one that a function makes of another that it was given. */
export interface CallSite {
  readonly frame: Frame;
  readonly node: Node;
  /** True if nothing happens between the call and the end of its promise. */
  readonly isAwaited: boolean;
}

export type AnyCall = CallExpression | OptionalCallExpression | NewExpression;

/** `varies`: data, with a text that changes. `unknown`: it may be anything. */
export type Fact = "varies" | "unknown";

export function learn({ analysis }: Frame, node: Node | undefined, fact: Fact): void {
  if (node === undefined) return;
  const known = analysis.facts.get(node);
  if (known === fact || known === "unknown") return;
  analysis.facts.set(node, fact);
  analysis.hasLearned = true;
}

/** The frame for parts that are not always reached: those of a branch, of a loop. */
export function aside(frame: Frame): Frame {
  return { ...frame, out: [] };
}

export function block(frame: Frame): Frame {
  return { ...frame, scope: createScope(frame.scope) };
}

export function topLevelFrame(module: Module, analysis: Analysis): Frame {
  const { scope } = module;
  return {
    analysis,
    module,
    scope,
    out: [],
    self: undefined,
    calls: [],
    returned: [],
    isAsync: true,
    isGuarded: false,
  };
}
