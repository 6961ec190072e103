import type { Node } from "@babel/types";
import { aside, learn } from "./frame.ts";
import type { Frame } from "./frame.ts";
import { launch } from "./launch.ts";
import { memberOf } from "./members.ts";
import { isInert, join } from "./value.ts";
import type { Value, Variable } from "./value.ts";

/** Declares the names of a pattern with their values. */
export function bind(pattern: Node, value: Value, frame: Frame): void {
  each(pattern, value, frame, (name, part) => declare(name, part, frame));
}

/** Gives the names and members of a pattern other values. */
export function assign(pattern: Node, value: Value, frame: Frame, find: FindVariable): void {
  each(pattern, value, frame, (name, part) => {
    if (name.type !== "Identifier") return;
    const variable = find(name.name);
    if (variable !== undefined) reassign(variable, part, frame);
  });
}

type FindVariable = (name: string) => Variable | undefined;

function declare(name: Node, value: Value, frame: Frame): void {
  if (name.type !== "Identifier") return;
  const fact = frame.analysis.facts.get(name);
  frame.scope.variables.set(name.name, { node: name, value: knowing(fact, value, name.name) });
}

function knowing(fact: "varies" | "unknown" | undefined, value: Value, name: string): Value {
  if (fact === "unknown") return { is: "unknown", name };
  return fact === "varies" && value.is === "data" ? { is: "data" } : value;
}

function reassign(variable: Variable, value: Value, frame: Frame): void {
  const before = variable.value;
  const isPlain = isInert(before) && isInert(value);
  learn(frame, variable.node, isPlain ? "varies" : "unknown");
  variable.value = isPlain ? { is: "data" } : join([before, value], nameOf(variable));
}

function nameOf({ node }: Variable): string {
  return node?.type === "Identifier" ? node.name : "a variable";
}

function each(pattern: Node, value: Value, frame: Frame, use: (name: Node, value: Value) => void): void {
  const { evaluate } = frame.analysis.evaluator;
  switch (pattern.type) {
    case "ObjectPattern":
      for (const property of pattern.properties) {
        if (property.type === "RestElement") each(property.argument, restOf(value), frame, use);
        else
          each(
            property.value,
            memberOf(value, keyOf(property.key, property.computed), frame, property),
            frame,
            use,
          );
      }
      return;
    case "ArrayPattern":
      for (const [index, element] of pattern.elements.entries())
        if (element?.type === "RestElement") each(element.argument, restOf(value), frame, use);
        else if (element !== null) each(element, memberOf(value, String(index), frame, element), frame, use);
      return;
    case "AssignmentPattern": {
      const other = aside(frame);
      const given = launch(evaluate(pattern.right, other), other, pattern.right);
      if (other.out.length > 0)
        frame.out.push({
          ...optionalArm(frame, pattern.right),
          arms: [
            { edge: "yes", flow: other.out },
            { edge: "no", flow: [] },
          ],
        });
      return each(pattern.left, join([value, given], "a default"), frame, use);
    }
    case "RestElement":
      return each(pattern.argument, restOf(value), frame, use);
    case "TSParameterProperty":
      return each(pattern.parameter, value, frame, use);
    case "VoidPattern":
      return;
    default:
      use(pattern, value);
  }
}

function optionalArm(frame: Frame, node: Node) {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  const place = { file: frame.module.file.name, line, column: column + 1 };
  return { ...place, part: "branch" as const, label: "default value?" };
}

/** The name of a property, or null if it is computed. */
export function keyOf(key: Node, isComputed: boolean): string | null {
  if (key.type === "Identifier" && !isComputed) return key.name;
  if (key.type === "StringLiteral" || key.type === "NumericLiteral") return String(key.value);
  return key.type === "PrivateName" ? `#${key.id.name}` : null;
}

function restOf(value: Value): Value {
  return isInert(value)
    ? { is: "data" }
    : value.is === "collection" || value.is === "context"
      ? value
      : { is: "unknown", name: "the rest" };
}
