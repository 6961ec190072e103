import type { Node } from "@babel/types";
import { emitOpaque } from "./calls.ts";
import { hasSteps } from "./flow.ts";
import { aside, learn, lookUp } from "./frame.ts";
import type { AnyCall, Frame } from "./frame.ts";
import { emit, launch, settle, shown, sourceOf } from "./launch.ts";
import { memberOf, setMember } from "./members.ts";
import { callMethod } from "./methods.ts";
import { assign, keyOf } from "./patterns.ts";
import { globalFunctions, globalMembers } from "./provided-names.ts";
import { isEntryPoint } from "./provided.ts";
import { data, isInert, join, textOf, unknown } from "./value.ts";
import type { Collection, Text, Value } from "./value.ts";

/** Follows an expression from left to right. The caller has to start the promise that it may return. */
export function evaluate(node: Node, frame: Frame): Value {
  const special = evaluators[node.type] as ((node: Node, frame: Frame) => Value) | undefined;
  if (special !== undefined) return special(node, frame);
  for (const child of childrenOf(node)) use(child, frame);
  return data;
}

/** Follows an expression, and starts the promise that it may be. */
export function use(node: Node, frame: Frame): Value {
  return launch(evaluate(node, frame), frame, node);
}

/** Follows an expression and waits for it. */
export function awaited(node: Node, frame: Frame): Value {
  switch (node.type) {
    case "ConditionalExpression":
      return conditional(node, frame, awaited);
    case "LogicalExpression":
      return logical(node, frame, awaited);
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
      return settle(call(node, frame, true), frame, node);
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
    case "TSTypeAssertion":
      return awaited(node.expression, frame);
    default:
      return settle(evaluate(node, frame), frame, node);
  }
}

type Of<T extends Node["type"]> = Extract<Node, { type: T }>;
type Evaluators = { readonly [T in Node["type"]]?: (node: Of<T>, frame: Frame) => Value };

const evaluators: Evaluators = {
  Identifier: ({ name }, frame) => lookUp(frame.scope, name)?.value ?? globalNamed(name),
  ThisExpression: (_, { self }) => self ?? data,
  StringLiteral: ({ value }) => ({ is: "data", text: [value] }),
  NumericLiteral: ({ value }) => ({ is: "data", text: [String(value)] }),
  TemplateLiteral: template,
  BinaryExpression: binary,
  AwaitExpression: ({ argument }, frame) => awaited(argument, frame),
  YieldExpression: ({ argument }, frame) => {
    if (argument !== null && argument !== undefined) use(argument, frame);
    return unknown("what the generator is given");
  },
  CallExpression: (node, frame) => call(node, frame, false),
  OptionalCallExpression: (node, frame) => call(node, frame, false),
  NewExpression: (node, frame) => call(node, frame, false),
  MemberExpression: member,
  OptionalMemberExpression: member,
  ConditionalExpression: (node, frame) => conditional(node, frame, use),
  LogicalExpression: (node, frame) => logical(node, frame, use),
  AssignmentExpression: assignment,
  UpdateExpression: ({ argument }, frame) => {
    change(argument, data, frame);
    return data;
  },
  SequenceExpression: ({ expressions }, frame) => expressions.map((each) => use(each, frame)).at(-1) ?? data,
  ArrowFunctionExpression: (node, frame) => closureOf(node, frame, "a function"),
  FunctionExpression: (node, frame) => closureOf(node, frame, node.id?.name ?? "a function"),
  ClassExpression: (node, { scope, module }) => ({ is: "class", node, scope, module }),
  ObjectExpression: objectLiteral,
  ArrayExpression: arrayLiteral,
  ParenthesizedExpression: ({ expression }, frame) => evaluate(expression, frame),
  TSAsExpression: ({ expression }, frame) => evaluate(expression, frame),
  TSNonNullExpression: ({ expression }, frame) => evaluate(expression, frame),
  TSSatisfiesExpression: ({ expression }, frame) => evaluate(expression, frame),
  TSTypeAssertion: ({ expression }, frame) => evaluate(expression, frame),
  TSInstantiationExpression: ({ expression }, frame) => evaluate(expression, frame),
  TaggedTemplateExpression: ({ tag, quasi }, frame) => {
    const values = quasi.expressions.map((each) => use(each, frame));
    return frame.analysis.evaluator.callValue(use(tag, frame), values, {
      frame,
      node: tag,
      isAwaited: false,
    });
  },
  UnaryExpression: ({ argument }, frame) => {
    use(argument, frame);
    return data;
  },
  Super: () => unknown("super"),
  Import: () => unknown("import"),
  JSXElement: () => unknown("JSX"),
};

const followedGlobals = new Set([
  ...globalFunctions,
  ...[...globalMembers].map((name) => name.split(".", 1)[0] ?? ""),
]);

function globalNamed(name: string): Value {
  return followedGlobals.has(name) ? { is: "provided", name } : data;
}

export function closureOf(
  node: Of<"ArrowFunctionExpression" | "FunctionExpression" | "FunctionDeclaration" | "ObjectMethod">,
  frame: Frame,
  name: string,
): Value {
  const { scope, module, self } = frame;
  return {
    is: "closure",
    node,
    scope,
    module,
    name,
    self: node.type === "ArrowFunctionExpression" ? self : undefined,
  };
}

function template({ quasis, expressions }: Of<"TemplateLiteral">, frame: Frame): Value {
  const text: Text[] = [];
  for (const [index, quasi] of quasis.entries()) {
    text.push([quasi.value.cooked ?? quasi.value.raw]);
    const expression = expressions[index];
    if (expression !== undefined) text.push(textIn(expression, use(expression, frame), frame));
  }
  return { is: "data", text: text.flat() };
}

function textIn(node: Node, value: Value, frame: Frame): Text {
  return textOf(value) ?? [{ hole: sourceOf(frame, node) }];
}

function binary({ operator, left, right }: Of<"BinaryExpression">, frame: Frame): Value {
  const [first, second] = [use(left, frame), use(right, frame)];
  if (operator !== "+" || (textOf(first) ?? textOf(second)) === undefined) return data;
  return { is: "data", text: [...textIn(left, first, frame), ...textIn(right, second, frame)] };
}

function member(node: Of<"MemberExpression" | "OptionalMemberExpression">, frame: Frame): Value {
  const owner = use(node.object, frame);
  if (!node.computed) return memberOf(owner, keyOf(node.property, false), frame, node);
  const key = use(node.property, frame);
  const [text, ...others] = textOf(key) ?? [];
  const isKnown = typeof text === "string" && others.length === 0;
  return memberOf(owner, isKnown ? text : null, frame, node);
}

/** Values of arguments: data of which nothing is known is shown as the expression of the caller. */
function argumentsOf(node: AnyCall, frame: Frame): Value[] {
  return node.arguments.flatMap((argument): Value[] => {
    if (argument.type === "SpreadElement") {
      const list = use(argument.argument, frame);
      if (list.is === "collection" && !list.isTainted && !list.isOpen) return [...list.members.values()];
      return [isInert(list) ? data : unknown("an argument")];
    }
    const value = use(argument, frame);
    const isName = argument.type === "Identifier" || argument.type === "MemberExpression";
    if (value !== data || !isName) return [value];
    return [{ is: "data", text: [{ hole: sourceOf(frame, argument) }] }];
  });
}

const combinators = new Set(["Promise.all", "Promise.allSettled", "Promise.race", "Promise.any"]);

function call(node: AnyCall, frame: Frame, isAwaited: boolean): Value {
  const { callee } = node;
  if (callee.type === "MemberExpression" || callee.type === "OptionalMemberExpression") {
    const owner = evaluate(callee.object, frame);
    const name = callee.computed ? undefined : (keyOf(callee.property, false) ?? undefined);
    if (owner.is === "provided" && name !== undefined && combinators.has(`${owner.name}.${name}`)) {
      const list = listOfPromises(node.arguments[0], frame);
      return frame.analysis.evaluator.callValue({ is: "provided", name: `${owner.name}.${name}` }, [list], {
        frame,
        node,
        isAwaited,
      });
    }
    return callMethod({ node, frame, isAwaited }, { owner, name, callee, argumentsOf });
  }
  if (callee.type === "Super") {
    argumentsOf(node, frame);
    return data;
  }
  const value = use(callee, frame);
  const args = argumentsOf(node, frame);
  if (
    node.type === "NewExpression" &&
    value.is === "data" &&
    callee.type === "Identifier" &&
    callee.name === "Request"
  )
    return { is: "provided", name: "a request" };
  if (node.type === "NewExpression" && value.is === "data")
    return frame.analysis.evaluator.callValue({ is: "provided", name: sourceOf(frame, callee) }, args, {
      frame,
      node,
      isAwaited,
    });
  if (value.is === "data" && callee.type === "Identifier" && lookUp(frame.scope, callee.name) === undefined)
    return frame.analysis.evaluator.callValue({ is: "provided", name: `global ${callee.name}` }, args, {
      frame,
      node,
      isAwaited,
    });
  return frame.analysis.evaluator.callValue(value, args, { frame, node, isAwaited });
}

/** The argument of `Promise.all`: what each element of an array literal does is a branch. */
function listOfPromises(node: Node | undefined, frame: Frame): Value {
  if (node?.type !== "ArrayExpression" || hasAwait(node))
    return node === undefined ? data : evaluate(node, frame);
  const members = new Map<string, Value>();
  for (const [index, element] of node.elements.entries()) {
    if (element === null) continue;
    const inner = aside(frame);
    const value = element.type === "SpreadElement" ? spread(element, inner) : awaited(element, inner);
    const label = element.type === "SpreadElement" ? `…${index}` : String(index);
    members.set(label, { is: "promise", value, flow: inner.out });
  }
  return { is: "collection", node, members, isOpen: false, isTainted: false };
}

function spread({ argument }: Of<"SpreadElement">, frame: Frame): Value {
  const list = evaluate(argument, frame);
  if (list.is !== "promises") return launch(list, frame, argument);
  if (hasSteps(list.each))
    emit(frame, {
      ...shown(frame, argument, list.label),
      part: "parallel",
      mode: "all",
      branches: [{ flow: list.each }],
      isEach: true,
    });
  return list.value;
}

function hasAwait(node: Node): boolean {
  if (node.type === "AwaitExpression") return true;
  if (/Function|Class|Method/.test(node.type)) return false;
  return childrenOf(node).some(hasAwait);
}

type Mode = (node: Node, frame: Frame) => Value;

function conditional(
  { test, consequent, alternate }: Of<"ConditionalExpression">,
  frame: Frame,
  mode: Mode,
): Value {
  const decided = use(test, frame);
  const [yes, no] = [aside(frame), aside(frame)];
  const values = [mode(consequent, yes), mode(alternate, no)];
  if (yes.out.length + no.out.length > 0)
    emit(frame, {
      ...shown(frame, test, sourceOf(frame, test)),
      part: "branch",
      isEntryPoint: isAboutEntryPoint(test, decided, frame),
      arms: [
        { edge: "yes", flow: yes.out },
        { edge: "no", flow: no.out },
      ],
    });
  return eitherOf(values, ["yes", "no"]);
}

/** A value of two: functions remain apart, so that a call shows which of them it may be. */
function eitherOf(values: readonly Value[], names: readonly string[]): Value {
  const [first, second] = values;
  if (isCallable(first) && isCallable(second) && first !== second)
    return { is: "choice", options: values.map((value, index) => ({ label: names[index] ?? "", value })) };
  return join(values, "one of two values");
}

function isCallable(value: Value | undefined): boolean {
  return value?.is === "closure" || value?.is === "provided";
}

function isAboutEntryPoint(test: Node, _value: Value, frame: Frame): boolean {
  if (test.type !== "BinaryExpression" || !test.operator.startsWith("==")) return false;
  return [test.left, test.right].some((side) => isEntryPoint(evaluate(side, aside(frame))));
}

function logical({ operator, left, right }: Of<"LogicalExpression">, frame: Frame, mode: Mode): Value {
  const first = mode(left, frame);
  const inner = aside(frame);
  const second = mode(right, inner);
  if (inner.out.length > 0) {
    const label = operator === "??" ? `${sourceOf(frame, left)} given?` : sourceOf(frame, left);
    const other = { edge: operator === "&&" ? ("yes" as const) : ("no" as const), flow: inner.out };
    const skip = { edge: operator === "&&" ? ("no" as const) : ("yes" as const), flow: [] };
    emit(frame, {
      ...shown(frame, left, label),
      part: "branch",
      arms: operator === "&&" ? [other, skip] : [skip, other],
    });
  }
  return eitherOf([first, second], ["first", "second"]);
}

function assignment(node: Of<"AssignmentExpression">, frame: Frame): Value {
  const { operator, left, right } = node;
  if (left.type === "MemberExpression") use(left.object, frame);
  const isLogical = operator === "&&=" || operator === "||=" || operator === "??=";
  const inner = isLogical ? aside(frame) : frame;
  const value = use(right, inner);
  if (isLogical && inner.out.length > 0)
    emit(frame, {
      ...shown(frame, left, sourceOf(frame, left)),
      part: "branch",
      arms: [
        { edge: operator === "&&=" ? "yes" : "no", flow: inner.out },
        { edge: operator === "&&=" ? "no" : "yes", flow: [] },
      ],
    });
  change(left, operator === "=" || isLogical ? value : data, frame);
  return value;
}

/** Gives a variable or a member another value. */
function change(target: Node, value: Value, frame: Frame): void {
  if (target.type === "TSAsExpression" || target.type === "TSNonNullExpression")
    return change(target.expression, value, frame);
  if (target.type !== "MemberExpression")
    return assign(target, value, frame, (name) => lookUp(frame.scope, name));
  const owner = evaluate(target.object, aside(frame));
  const name = keyOf(target.property, target.computed);
  const wasTainted = owner.is === "collection" && owner.isTainted;
  setMember(owner, name, value);
  if (owner.is === "collection" && owner.isTainted && !wasTainted) learn(frame, owner.node, "unknown");
  if (owner.is === "data" && !isInert(value)) taintVariable(target.object, frame);
  if (owner.is === "provided" && !isInert(value))
    emitOpaque(frame, target, { label: `code that replaces ${sourceOf(frame, target)}`, args: [value] });
}

/** Something that is not data was put into a value that was taken for data. */
function taintVariable(node: Node, frame: Frame): void {
  const root = node.type === "MemberExpression" ? node.object : node;
  if (root.type === "MemberExpression") return taintVariable(root, frame);
  if (root.type === "Identifier") learn(frame, lookUp(frame.scope, root.name)?.node, "unknown");
}

function collectionOf(node: Node, frame: Frame): Collection {
  const isTainted = frame.analysis.facts.get(node) === "unknown";
  return { is: "collection", node, members: new Map(), isOpen: false, isTainted };
}

function objectLiteral(node: Of<"ObjectExpression">, frame: Frame): Value {
  const collection = collectionOf(node, frame);
  for (const property of node.properties) {
    if (property.type === "SpreadElement") addSpread(collection, use(property.argument, frame));
    else if (property.type === "ObjectMethod")
      addMember(collection, keyOf(property.key, property.computed), closureOf(property, frame, "a method"));
    else {
      if (property.computed) use(property.key, frame);
      const name = keyOf(property.key, property.computed);
      const value = named(use(property.value, frame), name);
      addMember(
        collection,
        name,
        value === data ? { is: "data", text: [{ hole: sourceOf(frame, property.value) }] } : value,
      );
    }
  }
  return collection;
}

/** A function that has no name is shown with that of the member. */
function named(value: Value, name: string | null): Value {
  return value.is === "closure" && value.name === "a function" && name !== null ? { ...value, name } : value;
}

function addMember(collection: Collection, name: string | null, value: Value): void {
  if (name !== null)
    collection.members.set(
      name,
      value.is === "closure" && value.name === "a method" ? { ...value, name, self: collection } : value,
    );
  else if (isInert(value)) collection.isOpen = true;
  else collection.isTainted = true;
}

function addSpread(collection: Collection, value: Value): void {
  if (value.is === "collection") {
    for (const [name, each] of value.members) collection.members.set(name, each);
    collection.isOpen ||= value.isOpen;
    collection.isTainted ||= value.isTainted;
  } else if (isInert(value)) collection.isOpen = true;
  else collection.isTainted = true;
}

function arrayLiteral(node: Of<"ArrayExpression">, frame: Frame): Value {
  const collection = collectionOf(node, frame);
  for (const [index, element] of node.elements.entries()) {
    if (element === null) continue;
    if (element.type === "SpreadElement") addSpread(collection, use(element.argument, frame));
    else addMember(collection, String(index), use(element, frame));
  }
  return collection;
}

const skippedKeys = new Set([
  "loc",
  "extra",
  "typeAnnotation",
  "typeParameters",
  "typeArguments",
  "returnType",
  "errors",
]);

/** The expressions in a node of a kind that is not followed in particular, in the order of the source. */
function childrenOf(node: Node): Node[] {
  const children = Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    skippedKeys.has(key) ? [] : (Array.isArray(value) ? value : [value]).filter(isNode),
  );
  return children.toSorted((one, other) => (one.start ?? 0) - (other.start ?? 0));
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    !value.type.startsWith("TS") &&
    !/Comment/.test(value.type)
  );
}
