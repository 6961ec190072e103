import type { Node } from "@babel/types";
import type { Frame } from "./frame.ts";
import { contextMembers, globalMembers } from "./provided-names.ts";
import { data, isInert, join, unknown } from "./value.ts";
import type { Collection, Instance, Option, Value } from "./value.ts";

/** @param name null for a computed one */
export function memberOf(value: Value, name: string | null, frame: Frame, node: Node): Value {
  switch (value.is) {
    case "context":
      return memberOfContext(value.path, name);
    case "provided":
      return name === null ? unknown(value.name) : memberOfProvided(value.name, name);
    case "collection":
      return memberOfCollection(value, name);
    case "instance":
      return memberOfInstance(value, name, frame, node);
    case "class":
      return memberOfClass(value, name);
    case "choice":
      return choice(
        value.options.map((option) => ({ ...option, value: memberOf(option.value, name, frame, node) })),
      );
    case "promise":
    case "data":
      return data;
    default:
      return isInert(value) ? data : unknown(name ?? "a member");
  }
}

function memberOfContext(path: string, name: string | null): Value {
  if (name === null) return path === "secrets" ? data : unknown("a member of ctx");
  const full = path === "" ? name : `${path}.${name}`;
  const kind = contextMembers.get(full);
  if (kind === "object") return { is: "context", path: full };
  if (kind === "operation") return { is: "provided", name: `ctx.${full}` };
  return full === "entryPoint" ? { is: "data", text: [entryPointHole] } : data;
}

/** The hole of a text that is the entry point. */
export const entryPointHole = { hole: "ctx.entryPoint" };

function memberOfProvided(owner: string, name: string): Value {
  if (owner === "globalThis") return { is: "provided", name };
  const full = `${owner}.${name}`;
  return globalMembers.has(full) ? { is: "provided", name: full } : data;
}

const maxOptions = 8;

function memberOfCollection({ members, isOpen, isTainted }: Collection, name: string | null): Value {
  const known = name === null ? undefined : members.get(name);
  if (known !== undefined && !isTainted) return known;
  if (isTainted) return unknown(name ?? "an element");
  if (name !== null && !isOpen) return data;
  return choice([...members].map(([label, value]) => ({ label, value })));
}

/** One of several values, of which those that do nothing count as one. */
export function choice(options: readonly Option[]): Value {
  const active = options.filter(({ value }) => !isInert(value));
  const [first] = active;
  if (first === undefined) return data;
  if (active.length > maxOptions) return unknown("one of many functions");
  if (active.length === options.length && active.every(({ value }) => value === first.value))
    return first.value;
  return { is: "choice", options: active };
}

function memberOfInstance(instance: Instance, name: string | null, frame: Frame, node: Node): Value {
  if (name === null) return unknown("a member");
  const field = instance.fields.get(name);
  if (field !== undefined) return field;
  const method = methodOf(instance.of, name, instance, false);
  if (method === undefined) return unknown(name);
  if (method.kind !== "get") return method.value;
  if (method.value.is !== "closure") return unknown(name);
  return frame.analysis.evaluator.callClosure(method.value, [], { frame, node, isAwaited: false });
}

function memberOfClass(value: Extract<Value, { is: "class" }>, name: string | null): Value {
  if (name === null) return unknown("a static member");
  return methodOf(value, name, value, true)?.value ?? unknown(name);
}

/** A method of a class of the workflow, also one that it inherits from another. */
function methodOf(
  owner: Extract<Value, { is: "class" }>,
  name: string,
  self: Value,
  isStatic: boolean,
): { readonly kind: string; readonly value: Value } | undefined {
  const { node, scope, module } = owner;
  for (const member of node.body.body) {
    if (member.type !== "ClassMethod" && member.type !== "ClassPrivateMethod") continue;
    const isNamed =
      member.key.type === "PrivateName"
        ? name === `#${member.key.id.name}`
        : isKey(member.key, name, member.computed);
    if (isNamed && member.static === isStatic && member.kind !== "set" && member.kind !== "constructor")
      return { kind: member.kind, value: { is: "closure", node: member, scope, module, self, name } };
  }
  const parent = node.superClass?.type === "Identifier" ? find(scope, node.superClass.name) : undefined;
  return parent?.is === "class" ? methodOf(parent, name, self, isStatic) : undefined;
}

function isKey(key: Node, name: string, isComputed: boolean | undefined): boolean {
  if (key.type === "Identifier") return isComputed !== true && key.name === name;
  return (key.type === "StringLiteral" || key.type === "NumericLiteral") && String(key.value) === name;
}

function find(scope: Extract<Value, { is: "class" }>["scope"] | undefined, name: string): Value | undefined {
  return scope === undefined ? undefined : (scope.variables.get(name)?.value ?? find(scope.parent, name));
}

/** Gives a member another value. */
export function setMember(owner: Value, name: string | null, value: Value): void {
  if (owner.is === "instance" && name !== null) {
    const before = owner.fields.get(name);
    owner.fields.set(name, before === undefined ? value : join([before, value], name));
  }
  if (owner.is !== "collection") return;
  const before = name === null ? undefined : owner.members.get(name);
  const isPlain = isInert(value) && (before === undefined || isInert(before));
  if (name === null || before !== undefined || !isPlain) owner.isTainted ||= !isPlain;
  if (name !== null) owner.members.set(name, isPlain ? data : value);
}
