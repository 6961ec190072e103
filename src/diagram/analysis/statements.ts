import type { Node, Statement } from "@babel/types";
import { hasJumps, hasSteps } from "./flow.ts";
import type { Arm, Part } from "./flow.ts";
import { aside, block } from "./frame.ts";
import type { Frame } from "./frame.ts";
import { awaited, closureOf, evaluate, use } from "./expressions.ts";
import { emit, launch, shown, sourceOf } from "./launch.ts";
import { bind, assign } from "./patterns.ts";
import { elementOf } from "./provided-calls.ts";
import { isEntryPoint } from "./provided.ts";
import { lookUp } from "./frame.ts";
import { oneLine } from "../source/text.ts";
import { data, isInert, textOf, unknown } from "./value.ts";
import type { Value } from "./value.ts";

/** Follows statements in order. Functions are declared first, as they are when the code runs. */
export function execute(statements: readonly Statement[], frame: Frame): void {
  for (const statement of statements) hoist(statement, frame);
  for (const statement of statements) follow(statement, frame);
}

function hoist(statement: Node, frame: Frame): void {
  if (statement.type === "FunctionDeclaration" && statement.id)
    bind(statement.id, closureOf(statement, frame, statement.id.name), frame);
  if (statement.type === "ClassDeclaration" && statement.id) declareClass(statement, frame);
  if (statement.type === "ExportNamedDeclaration" && statement.declaration)
    hoist(statement.declaration, frame);
  if (statement.type === "ExportDefaultDeclaration") hoist(statement.declaration, frame);
}

function declareClass(node: Extract<Node, { type: "ClassDeclaration" }>, frame: Frame): void {
  const { scope, module } = frame;
  if (node.id) bind(node.id, { is: "class", node, scope, module }, frame);
}

type Of<T extends Node["type"]> = Extract<Node, { type: T }>;

function follow(statement: Node, frame: Frame, labels: readonly string[] = []): void {
  const special = followers[statement.type] as
    | ((node: Node, frame: Frame, labels: readonly string[]) => void)
    | undefined;
  if (special !== undefined) special(statement, frame, labels);
  else if (!/^(?:TS|Import|Export\w*All|FunctionDecl|ClassDecl|Empty|Debugger)/.test(statement.type))
    use(statement, frame);
}

type Followers = {
  readonly [T in Node["type"]]?: (node: Of<T>, frame: Frame, labels: readonly string[]) => void;
};

const followers: Followers = {
  ExpressionStatement: ({ expression }, frame) => void use(expression, frame),
  VariableDeclaration: declaration,
  BlockStatement: ({ body }, frame) => execute(body, block(frame)),
  ReturnStatement: returned,
  ThrowStatement: (node, frame) => {
    use(node.argument, frame);
    emit(frame, { ...shown(frame, node, thrownText(node.argument, frame)), part: "throw" });
  },
  IfStatement: conditional,
  SwitchStatement: switched,
  WhileStatement: (node, frame, labels) => {
    const test = aside(frame);
    const isEndless = node.test.type === "BooleanLiteral" && node.test.value;
    use(node.test, test);
    loop(frame, node, {
      label: isEndless ? "repeat" : `while ${sourceOf(frame, node.test)}`,
      test: test.out,
      body: bodyOf(node.body, frame),
      labels,
      isEndless,
    });
  },
  DoWhileStatement: (node, frame, labels) => {
    const test = aside(frame);
    const body = bodyOf(node.body, frame);
    use(node.test, test);
    loop(frame, node, {
      label: `again while ${sourceOf(frame, node.test)}`,
      test: test.out,
      body,
      labels,
      isBodyFirst: true,
    });
  },
  ForStatement: (node, outer, labels) => {
    const frame = block(outer);
    if (node.init?.type === "VariableDeclaration") declaration(node.init, frame);
    else if (node.init) use(node.init, frame);
    const [test, update] = [aside(frame), aside(frame)];
    if (node.test) use(node.test, test);
    const body = bodyOf(node.body, frame);
    if (node.update) use(node.update, update);
    const label = node.test ? `for ${sourceOf(frame, node.test)}` : "repeat";
    loop(frame, node, { label, test: test.out, body, update: update.out, labels, isEndless: !node.test });
  },
  ForOfStatement: overItems,
  ForInStatement: (node, frame, labels) => {
    use(node.right, frame);
    const inner = { ...block(frame), out: [] };
    bindLeft(node.left, data, inner);
    follow(node.body, inner);
    loop(frame, node, { label: `for each key of ${sourceOf(frame, node.right)}`, body: inner.out, labels });
  },
  BreakStatement: ({ label }, frame) => emit(frame, { part: "break", name: label?.name }),
  ContinueStatement: ({ label }, frame) => emit(frame, { part: "continue", name: label?.name }),
  LabeledStatement: ({ label, body }, frame, labels) => {
    if (/^(?:For|While|DoWhile)/.test(body.type)) return follow(body, frame, [...labels, label.name]);
    const inner = aside(frame);
    follow(body, inner);
    emit(frame, { part: "block", name: label.name, body: inner.out });
  },
  TryStatement: tried,
  ExportNamedDeclaration: (node, frame) => {
    if (node.declaration) follow(node.declaration, frame);
  },
  ExportDefaultDeclaration: (node, frame) => {
    if (!node.declaration.type.endsWith("Declaration"))
      bindName("default", use(node.declaration, frame), frame);
  },
};

function bindName(name: string, value: Value, frame: Frame): void {
  frame.scope.variables.set(`*${name}`, { node: undefined, value });
}

function declaration(node: Of<"VariableDeclaration">, frame: Frame): void {
  for (const { id, init } of node.declarations) {
    const value = init === null || init === undefined ? data : use(init, frame);
    const isNameless = value.is === "closure" && value.name === "a function" && id.type === "Identifier";
    bind(id, isNameless ? { ...value, name: id.name } : value, frame);
  }
}

function returned({ argument, ...node }: Of<"ReturnStatement">, frame: Frame): void {
  const value = argument === null || argument === undefined ? data : result(argument, frame);
  frame.returned.push(value);
  const label =
    argument === null || argument === undefined ? "return" : `return ${sourceOf(frame, argument)}`;
  emit(frame, { ...shown(frame, node, oneLine(label)), part: "return" });
}

function result(argument: Node, frame: Frame): Value {
  if (!frame.isAsync) return use(argument, frame);
  if (frame.isGuarded && argument.type !== "AwaitExpression") {
    const value = use(argument, frame);
    return value.is === "promise" ? value.value : value;
  }
  return awaited(argument, frame);
}

function thrownText(argument: Node, frame: Frame): string {
  const isError = argument.type === "NewExpression" && argument.arguments[0] !== undefined;
  const message =
    isError && argument.arguments[0] ? textOf(evaluate(argument.arguments[0], aside(frame))) : undefined;
  const text = message?.map((part) => (typeof part === "string" ? part : `\${${part.hole}}`)).join("");
  return oneLine(`fail: ${text ?? sourceOf(frame, argument)}`);
}

function conditional(node: Of<"IfStatement">, frame: Frame): void {
  const { test, consequent, alternate } = node;
  use(test, frame);
  const [yes, no] = [aside(frame), aside(frame)];
  follow(consequent, block(yes));
  if (alternate) follow(alternate, block(no));
  if (yes.out.length + no.out.length === 0) return;
  const arms: Arm[] = [
    { edge: "yes", flow: yes.out },
    { edge: "no", flow: no.out },
  ];
  const isOfEntryPoint =
    test.type === "BinaryExpression" &&
    test.operator.startsWith("==") &&
    [test.left, test.right].some((side) => isEntryPoint(evaluate(side, aside(frame))));
  const name =
    isOfEntryPoint && test.type === "BinaryExpression"
      ? [test.left, test.right].find((side) => side.type === "StringLiteral")
      : undefined;
  const named =
    name?.type === "StringLiteral"
      ? [
          { edge: "case" as const, label: name.value, flow: yes.out },
          { edge: "case" as const, flow: no.out },
        ]
      : arms;
  emit(frame, {
    ...shown(frame, test, sourceOf(frame, test)),
    part: "branch",
    arms: named,
    isEntryPoint: name !== undefined,
  });
}

function switched(node: Of<"SwitchStatement">, outer: Frame): void {
  const decided = use(node.discriminant, outer);
  const frame = block(outer);
  for (const { consequent } of node.cases) for (const statement of consequent) hoist(statement, frame);
  const flows = node.cases.map(({ test, consequent }) => {
    if (test) use(test, frame);
    const inner = aside(frame);
    for (const statement of consequent) follow(statement, inner);
    return inner.out;
  });
  const arms: Arm[] = [];
  let labels: string[] = [];
  for (const [index, { test, consequent }] of node.cases.entries()) {
    labels.push(test ? caseText(test, frame) : "otherwise");
    if (consequent.length === 0 && index < node.cases.length - 1) continue;
    arms.push({ edge: "case", label: labels.join(", "), flow: throughFrom(flows, index) });
    labels = [];
  }
  if (node.cases.every(({ test }) => test)) arms.push({ edge: "case", label: "otherwise", flow: [] });
  if (!arms.some(({ flow }) => hasSteps(flow) || flow.some((part) => part.part !== "break"))) return;
  emit(frame, {
    ...shown(frame, node.discriminant, sourceOf(frame, node.discriminant)),
    part: "branch",
    arms,
    isSwitch: true,
    isEntryPoint: isEntryPoint(decided),
  });
}

function caseText(test: Node, frame: Frame): string {
  return test.type === "StringLiteral" ? oneLine(test.value) : sourceOf(frame, test);
}

/** The parts of a case, and of those after it into which it falls. */
function throughFrom(flows: readonly (readonly Part[])[], index: number): readonly Part[] {
  const flow = flows[index] ?? [];
  const last = flow.at(-1)?.part;
  const leaves = last === "return" || last === "throw" || last === "break" || last === "continue";
  return leaves || index + 1 >= flows.length ? flow : [...flow, ...throughFrom(flows, index + 1)];
}

function bodyOf(body: Node, frame: Frame): Part[] {
  const inner = { ...block(frame), out: [] };
  follow(body, inner);
  return inner.out;
}

interface LoopParts {
  readonly label: string;
  readonly test?: readonly Part[];
  readonly body: readonly Part[];
  readonly update?: readonly Part[];
  readonly labels: readonly string[];
  readonly isBodyFirst?: boolean;
  readonly isEndless?: boolean;
}

function loop(frame: Frame, node: Node, { label, test = [], body, update = [], ...rest }: LoopParts): void {
  const parts = [...test, ...body, ...update];
  if (!hasSteps(parts) && !leaves(parts)) return;
  emit(frame, { ...shown(frame, node, label), part: "loop", test, body, update, ...rest });
}

/** True if parts without steps have a jump out of the loop, or a failure. */
function leaves(parts: readonly Part[]): boolean {
  return hasJumps(parts.filter((part) => part.part !== "break" && part.part !== "continue"));
}

function overItems(node: Of<"ForOfStatement">, frame: Frame, labels: readonly string[]): void {
  const items = node.right.type === "AwaitExpression" ? use(node.right, frame) : evaluate(node.right, frame);
  launch(items, frame, node.right);
  const inner = { ...block(frame), out: [] };
  const isGenerated = items.is === "generator";
  bindLeft(node.left, isGenerated ? unknown("what the generator yields") : elementOf(items), inner);
  if (!isInert(items) && items.is === "unknown" && node.await) {
    const text = `code that iterates ${sourceOf(frame, node.right)}`;
    emit(frame, { ...shown(frame, node.right, text), part: "opaque", called: [] });
  }
  follow(node.body, inner);
  loop(frame, node, { label: `for each of ${sourceOf(frame, node.right)}`, body: inner.out, labels });
}

function bindLeft(left: Node, value: Value, frame: Frame): void {
  if (left.type !== "VariableDeclaration")
    return assign(left, value, frame, (name) => lookUp(frame.scope, name));
  for (const { id } of left.declarations) bind(id, value, frame);
}

function tried(node: Of<"TryStatement">, frame: Frame): void {
  const { block: body, handler, finalizer } = node;
  const isGuarded = frame.isGuarded || Boolean(finalizer);
  const [main, caught, last] = [aside(frame), aside(frame), aside(frame)];
  execute(body.body, { ...block(main), isGuarded });
  if (handler) {
    const scope = { ...block(caught), isGuarded };
    if (handler.param) bind(handler.param, data, scope);
    execute(handler.body.body, scope);
  }
  if (finalizer) execute(finalizer.body, block(last));
  if (![main, caught, last].some(({ out }) => hasSteps(out) || out.length > 0)) return;
  emit(frame, {
    ...shown(frame, node, "try"),
    part: "try",
    body: main.out,
    ...(handler ? { handler: { ...shown(frame, handler, "catch"), flow: caught.out } } : {}),
    ...(finalizer ? { finalizer: { ...shown(frame, finalizer, "finally"), flow: last.out } } : {}),
  });
}
