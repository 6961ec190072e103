import type { Class, Function as FunctionNode, Node } from "@babel/types";
import type { Part } from "./flow.ts";
import type { ParsedFile } from "../source/parse.ts";

/** What is known of a value: whether calling it, or a method of it, can do steps, and which. */
export type Value =
  /** JSON, and instances of what JavaScript provides. Calling it or its methods does no step. */
  | { readonly is: "data"; readonly text?: Text }
  /** Calling it or its methods may do anything. */
  | { readonly is: "unknown"; readonly name: string }
  /** The first argument of `run`, or an object in it: `state`, `secrets`. */
  | { readonly is: "context"; readonly path: string }
  /** A function or an object that JavaScript or Duranium provides: `fetch`, `Promise`, `Promise.all`, `ctx.sleep`. */
  | { readonly is: "provided"; readonly name: string }
  | Closure
  | { readonly is: "class"; readonly node: Class; readonly scope: Scope; readonly module: Module }
  | Instance
  | Collection
  /** A promise. What it does was not started if it has a `flow`; the owner of the value must start it. */
  | { readonly is: "promise"; readonly flow?: readonly Part[]; readonly value: Value }
  /** Promises, one for each of any number of items, which were not started. */
  | { readonly is: "promises"; readonly each: readonly Part[]; readonly label: string; readonly value: Value }
  /** What a generator function returned. Its steps are done while it is iterated. */
  | { readonly is: "generator"; readonly flow: readonly Part[]; readonly name: string }
  | { readonly is: "choice"; readonly options: readonly Option[] };

export interface Closure {
  readonly is: "closure";
  readonly node: FunctionNode;
  readonly scope: Scope;
  readonly module: Module;
  readonly self: Value | undefined;
  readonly name: string;
}

/** An object of a class of the workflow. */
export interface Instance {
  readonly is: "instance";
  readonly of: Extract<Value, { is: "class" }>;
  readonly fields: Map<string, Value>;
}

/** An object or array literal. */
export interface Collection {
  readonly is: "collection";
  readonly node: Node;
  readonly members: Map<string, Value>;
  /** True if it has further members, which are data. */
  isOpen: boolean;
  /** True if it may have members that are not known. */
  isTainted: boolean;
}

export interface Option {
  readonly label: string;
  readonly value: Value;
}

/** A text of which parts are known. A hole is the source of an expression. */
export type Text = readonly (string | { readonly hole: string })[];

/** A module of the workflow, whose top level has been evaluated or is just then. */
export interface Module {
  readonly file: ParsedFile;
  readonly scope: Scope;
  /** By exported name. */
  readonly exports: Map<string, () => Value>;
}

export interface Variable {
  /** Where it is declared: what later passes know of it. */
  readonly node: Node | undefined;
  value: Value;
}

export interface Scope {
  readonly variables: Map<string, Variable>;
  readonly parent: Scope | undefined;
}

export const data: Value = { is: "data" };

export function unknown(name: string): Value {
  return { is: "unknown", name };
}

/** True if neither calling the value nor its members does steps. */
export function isInert(value: Value): boolean {
  switch (value.is) {
    case "data":
      return true;
    case "promise":
      return value.flow === undefined && isInert(value.value);
    case "collection":
      return !value.isTainted && [...value.members.values()].every(isInert);
    case "choice":
      return value.options.every((option) => isInert(option.value));
    default:
      return false;
  }
}

/** What is known of a value that is one of these. */
export function join(values: readonly Value[], name: string): Value {
  const [first, ...others] = values;
  if (first === undefined) return data;
  if (others.every((other) => other === first)) return first;
  if (values.every(isInert)) return data;
  if (values.every((value) => value.is === "promise" && value.flow === undefined))
    return { is: "promise", value: join(values.map(settledValue), name) };
  const callable = values.filter((value) => !isInert(value));
  const distinct = [...new Set(callable)];
  if (distinct.length === 1 && values.length === callable.length) return distinct[0] ?? data;
  return unknown(name);
}

/** What `await` makes of a value that was started. */
export function settledValue(value: Value): Value {
  return value.is === "promise" ? value.value : value;
}

/** The text for a reader and for the names of steps. */
export function showText(text: Text): string {
  return text.map((part) => (typeof part === "string" ? part : `\${${part.hole}}`)).join("");
}

/** The text with null in place of what is not known. */
export function shapeOf(text: Text): (string | null)[] {
  const shape: (string | null)[] = [];
  for (const part of text) {
    const last = shape.at(-1);
    const next = typeof part === "string" ? part : null;
    if (typeof next === "string" && typeof last === "string") shape[shape.length - 1] = last + next;
    else if (next !== null || last !== null || shape.length === 0) shape.push(next);
  }
  return shape;
}

export function textOf(value: Value): Text | undefined {
  return value.is === "data" ? value.text : undefined;
}
