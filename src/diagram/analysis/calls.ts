import type { Node } from "@babel/types";
import { alwaysLeaves, hasSteps } from "./flow.ts";
import type { Branch, Part } from "./flow.ts";
import { aside, createScope } from "./frame.ts";
import type { CallSite, Frame } from "./frame.ts";
import { emit, launch, settle, shown, sourceOf } from "./launch.ts";
import { setMember } from "./members.ts";
import { bind, keyOf } from "./patterns.ts";
import { callProvided } from "./provided-calls.ts";
import { data, isInert, join, unknown } from "./value.ts";
import type { Closure, Instance, Value } from "./value.ts";

const maxDepth = 24;

/** Follows a function of the workflow with the values of its arguments. */
export function callClosure(closure: Closure, args: readonly Value[], call: CallSite): Value {
  const { frame, node } = call;
  const { name } = closure;
  const isRecursive = frame.calls.includes(closure.node);
  if (isRecursive || frame.calls.length >= maxDepth || frame.analysis.budget <= 0) {
    const note = isRecursive ? "A function that calls itself" : "The calls are too deep to be followed";
    emitOpaque(frame, node, { label: `call of ${name}`, note, args });
    return unknown(`the result of ${name}`);
  }
  const { body, value } = follow(closure, args, frame);
  const flow: Part[] = hasSteps(body) ? [functionPart(closure, body)] : [];
  if (closure.node.generator === true) return { is: "generator", flow, name: `${name}()` };
  if (closure.node.async) return { is: "promise", value, ...(flow.length === 0 ? {} : { flow }) };
  emit(frame, ...flow);
  return value;
}

function functionPart({ module, node, name }: Closure, body: readonly Part[]): Part {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  return { part: "function", file: module.file.name, line, column: column + 1, label: name, body };
}

function follow(
  closure: Closure,
  args: readonly Value[],
  caller: Frame,
): { readonly body: readonly Part[]; readonly value: Value } {
  const { node, scope, module, self } = closure;
  const { evaluator } = caller.analysis;
  const frame: Frame = {
    analysis: caller.analysis,
    module,
    scope: createScope(scope),
    out: [],
    self: node.type === "ArrowFunctionExpression" ? self : (self ?? data),
    calls: [...caller.calls, node],
    returned: [],
    isAsync: node.async,
    isGuarded: false,
  };
  frame.scope.variables.set("arguments", {
    node: undefined,
    value: args.every(isInert) ? data : unknown("arguments"),
  });
  for (const [index, parameter] of node.params.entries()) {
    const value =
      parameter.type === "RestElement" ? restOf(args.slice(index), parameter) : (args[index] ?? data);
    bind(parameter, value, frame);
    if (parameter.type === "TSParameterProperty" && self !== undefined) {
      const inner =
        parameter.parameter.type === "AssignmentPattern" ? parameter.parameter.left : parameter.parameter;
      if (inner.type === "Identifier") setMember(self, inner.name, value);
    }
  }
  if (node.body.type !== "BlockStatement") return { body: frame.out, value: returnedBy(node.body, frame) };
  evaluator.execute(node.body.body, frame);
  const { returned, out } = frame;
  if (returned.length > 0 && returned.every((value) => value === returned[0]) && alwaysLeaves(out))
    return { body: out, value: returned[0] ?? data };
  return {
    body: out,
    value: join([...returned, ...(alwaysLeaves(out) ? [] : [data])], `the result of ${closure.name}`),
  };
}

/** The body of an arrow function that is an expression. A function that is not async may return a promise that was not started. */
function returnedBy(body: Node, frame: Frame): Value {
  const { evaluator } = frame.analysis;
  return frame.isAsync ? evaluator.awaited(body, frame) : evaluator.evaluate(body, frame);
}

function restOf(values: readonly Value[], node: Node): Value {
  const members = new Map(values.map((value, index) => [String(index), value]));
  return { is: "collection", node, members, isOpen: false, isTainted: false };
}

/** Follows a call of a value. */
export function callValue(callee: Value, args: readonly Value[], call: CallSite): Value {
  const { frame, node, isAwaited } = call;
  switch (callee.is) {
    case "closure":
      return callClosure(callee, args, call);
    case "provided":
      return callProvided(callee.name, args, call);
    case "choice": {
      const arms = callee.options.map(({ label, value }) => {
        const arm = aside(frame);
        const result = callValue(value, args, { ...call, frame: arm });
        const settled = isAwaited ? settle(result, arm, node) : launch(result, arm, node);
        return { arm: { edge: "case" as const, label, flow: arm.out }, settled };
      });
      const label = `which of ${callee.options.length}?`;
      const none =
        node.type === "OptionalCallExpression" ? [{ edge: "case" as const, label: "none", flow: [] }] : [];
      if (arms.some(({ arm }) => arm.flow.length > 0))
        emit(frame, {
          ...shown(frame, node, label),
          part: "branch",
          arms: [...arms.map(({ arm }) => arm), ...none],
        });
      return join(
        arms.map(({ settled }) => settled),
        "the result",
      );
    }
    case "class":
      return construct(callee, args, call);
    case "context":
      return data;
    default:
      if (isInert(callee)) return data;
      emitOpaque(frame, node, { label: calleeText(frame, node), args });
      return unknown(sourceOf(frame, node));
  }
}

function calleeText(frame: Frame, node: Node): string {
  const callee = "callee" in node && node.callee !== null ? (node.callee as Node) : node;
  return `code that calls ${sourceOf(frame, callee)}`;
}

interface OpaqueCall {
  readonly label: string;
  readonly note?: string;
  readonly args: readonly Value[];
}

/** Code that may do anything. The functions that it is given may run at any time, and any number of times. */
export function emitOpaque(frame: Frame, node: Node, { label, note, args }: OpaqueCall): void {
  const called = args
    .flatMap((value) => closuresIn(value, new Set()))
    .flatMap((closure) => calledBy(closure, frame, node));
  emit(frame, { ...shown(frame, node, label, note), part: "opaque", called });
}

function calledBy(closure: Closure, frame: Frame, node: Node): Branch[] {
  const inner = aside(frame);
  const given = closure.node.params.map(() => unknown("an argument"));
  const result = callClosure(closure, given, { frame: inner, node, isAwaited: true });
  settle(result, inner, node);
  return hasSteps(inner.out) ? [{ label: closure.name, flow: inner.out }] : [];
}

function closuresIn(value: Value, seen: Set<Value>): Closure[] {
  if (seen.has(value)) return [];
  seen.add(value);
  switch (value.is) {
    case "closure":
      return [value];
    case "collection":
      return [...value.members.values()].flatMap((member) => closuresIn(member, seen));
    case "choice":
      return value.options.flatMap((option) => closuresIn(option.value, seen));
    case "instance":
    case "class":
      return methodsOf(value).concat(
        value.is === "instance" ? [...value.fields.values()].flatMap((field) => closuresIn(field, seen)) : [],
      );
    default:
      return [];
  }
}

function methodsOf(value: Extract<Value, { is: "instance" | "class" }>): Closure[] {
  const { node, scope, module } = value.is === "class" ? value : value.of;
  return node.body.body.flatMap((member): Closure[] => {
    if (member.type !== "ClassMethod" && member.type !== "ClassPrivateMethod") return [];
    const name = keyOf(member.key, member.type === "ClassMethod" && member.computed) ?? "a method";
    return [{ is: "closure", node: member, scope, module, self: value, name }];
  });
}

/** Follows the fields and the constructor of a class of the workflow. */
function construct(owner: Extract<Value, { is: "class" }>, args: readonly Value[], call: CallSite): Value {
  const instance: Instance = { is: "instance", of: owner, fields: new Map() };
  initialize(owner, instance, args, call);
  return instance;
}

function initialize(
  owner: Extract<Value, { is: "class" }>,
  instance: Instance,
  args: readonly Value[],
  call: CallSite,
): void {
  const { frame, node } = call;
  const { evaluator } = frame.analysis;
  const parent = owner.node.superClass;
  const inherited =
    parent === null || parent === undefined
      ? undefined
      : evaluator.evaluate(parent, { ...frame, scope: owner.scope, module: owner.module });
  if (inherited?.is === "class") initialize(inherited, instance, args, call);
  else if (inherited !== undefined && !isInert(inherited))
    emitOpaque(frame, node, { label: calleeText(frame, node), args: [...args, instance] });
  for (const member of owner.node.body.body) {
    if ((member.type !== "ClassProperty" && member.type !== "ClassPrivateProperty") || member.static)
      continue;
    const name = keyOf(member.key, member.type === "ClassProperty" && member.computed);
    const within = { ...frame, scope: owner.scope, module: owner.module, self: instance };
    const value =
      member.value === null || member.value === undefined
        ? data
        : launch(evaluator.evaluate(member.value, within), within, member.value);
    if (name !== null) setMember(instance, name, value);
  }
  const constructor = owner.node.body.body.find(
    (member) => member.type === "ClassMethod" && member.kind === "constructor",
  );
  if (constructor?.type !== "ClassMethod") return;
  const { scope, module } = owner;
  const name = `new ${owner.node.id?.name ?? "class"}`;
  callClosure({ is: "closure", node: constructor, scope, module, self: instance, name }, args, call);
}
