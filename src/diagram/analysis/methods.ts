import type { Node } from "@babel/types";
import { hasSteps } from "./flow.ts";
import type { Part } from "./flow.ts";
import { aside, learn, lookUp } from "./frame.ts";
import type { AnyCall, CallSite, Frame } from "./frame.ts";
import { launch, settle, shown } from "./launch.ts";
import { memberOf } from "./members.ts";
import { callBack, mapped } from "./provided-calls.ts";
import { data, isInert, join, unknown } from "./value.ts";
import type { Value } from "./value.ts";

export interface MethodCall {
  /** The object, whose promise may not be started yet. */
  readonly owner: Value;
  /** Undefined if it is computed. */
  readonly name: string | undefined;
  readonly callee: Extract<Node, { type: "MemberExpression" | "OptionalMemberExpression" }>;
  readonly argumentsOf: (node: AnyCall, frame: Frame) => Value[];
}

interface MethodSite extends CallSite {
  readonly node: AnyCall;
}

/** Follows the call of a method. */
export function callMethod(site: MethodSite, { owner, name, callee, argumentsOf }: MethodCall): Value {
  const { frame, node } = site;
  if (owner.is === "promise" && name !== undefined && promiseMethods.has(name))
    return chained(owner, name, argumentsOf(node, frame), site);
  const object = launch(owner, frame, callee.object);
  if (callee.computed)
    return callOf(
      frame.analysis.evaluator.evaluate(callee, { ...frame, out: [] }),
      argumentsOf(node, frame),
      site,
      callee,
    );
  if (name === undefined) return callOf(unknown("a method"), argumentsOf(node, frame), site, callee);
  const method = memberOf(object, name, frame, callee);
  if (
    method.is === "provided" ||
    method.is === "closure" ||
    method.is === "choice" ||
    method.is === "class" ||
    object.is === "instance"
  )
    return callOf(method, argumentsOf(node, frame), site, callee);
  const args = argumentsOf(node, frame);
  const invoked = invokedBy(object, name, args, site);
  if (invoked !== undefined) return invoked;
  if ((name === "map" || name === "flatMap") && args[0] !== undefined && !isInert(args[0]))
    return mapped(object, args[0], site);
  if (mutators.has(name) && args.some((value) => !isInert(value))) taint(object, callee.object, frame);
  if (isInert(object) || standardMethods.has(name)) return resultOf(object, name, callBack(args, site));
  return callOf(method, args, site, callee);
}

function callOf(method: Value, args: readonly Value[], site: MethodSite, _callee: Node): Value {
  if (method.is === "data") return callBack(args, site);
  return site.frame.analysis.evaluator.callValue(method, args, site);
}

/** A method of JavaScript on a value that is not data, such as a list of functions, returns what may be part of it. */
function resultOf(object: Value, name: string, result: Value): Value {
  return isInert(object) || textMethods.has(name) ? result : unknown(name);
}

function invokedBy(object: Value, name: string, args: readonly Value[], site: MethodSite): Value | undefined {
  if (object.is !== "closure" && object.is !== "provided" && object.is !== "choice") return undefined;
  const { callValue } = site.frame.analysis.evaluator;
  if (name === "call") return callValue(object, args.slice(1), site);
  if (name === "apply") return callValue(object, [unknown("an argument")], site);
  return name === "bind" && args.length <= 1 ? object : undefined;
}

function taint(object: Value, node: Node, frame: Frame): void {
  if (object.is === "collection") {
    object.isTainted = true;
    learn(frame, object.node, "unknown");
  } else if (node.type === "Identifier") learn(frame, lookUp(frame.scope, node.name)?.node, "unknown");
}

/** `then`, `catch` and `finally` of a promise. */
function chained(
  owner: Extract<Value, { is: "promise" }>,
  name: string,
  args: readonly Value[],
  site: MethodSite,
): Value {
  const { frame, node } = site;
  const [onFulfilled, onRejected] =
    name === "then" ? args : name === "catch" ? [undefined, args[0]] : [args[0], undefined];
  const given = name === "finally" ? [] : [settled(owner)];
  const done = follow(onFulfilled, given, site);
  const failed = follow(onRejected, [data], site);
  const finalizer = name === "finally" ? done : undefined;
  const value =
    name === "then"
      ? join([done?.value ?? settled(owner), ...(failed === undefined ? [] : [failed.value])], "the result")
      : settled(owner);
  if (
    owner.flow === undefined &&
    !hasSteps(done?.flow ?? []) &&
    !hasSteps(failed?.flow ?? []) &&
    failed === undefined
  )
    return { is: "promise", value };
  if (failed === undefined && finalizer === undefined)
    return { is: "promise", value, flow: [...(owner.flow ?? []), ...(done?.flow ?? [])] };
  const at = shown(frame, node, "attempt");
  const tried: Part = {
    ...at,
    part: "try",
    body: [...(owner.flow ?? []), ...(finalizer === undefined ? (done?.flow ?? []) : [])],
    ...(failed === undefined ? {} : { handler: { ...at, label: "failed", flow: failed.flow } }),
    ...(finalizer === undefined ? {} : { finalizer: { ...at, label: "finally", flow: finalizer.flow } }),
  };
  if (owner.flow === undefined && !hasSteps(done?.flow ?? []) && !hasSteps(failed?.flow ?? []))
    return { is: "promise", value };
  return { is: "promise", value, flow: [tried] };
}

function settled(value: Value): Value {
  return value.is === "promise" ? settled(value.value) : value;
}

function follow(
  callback: Value | undefined,
  args: readonly Value[],
  site: MethodSite,
): { flow: Part[]; value: Value } | undefined {
  if (callback === undefined) return undefined;
  if (isInert(callback)) return { flow: [], value: data };
  const inner = aside(site.frame);
  const value = site.frame.analysis.evaluator.callValue(callback, args, {
    ...site,
    frame: inner,
    isAwaited: true,
  });
  return { value: settle(value, inner, site.node), flow: inner.out };
}

const promiseMethods = new Set(["then", "catch", "finally"]);

const mutators = new Set(["push", "unshift", "splice", "fill", "set", "add", "with"]);

/** Methods of texts, numbers and dates, and those whose result is one of these. */
const textMethods = new Set([
  ..."at charAt charCodeAt codePointAt endsWith includes indexOf lastIndexOf localeCompare match matchAll normalize".split(
    " ",
  ),
  ..."padEnd padStart repeat replace replaceAll search slice split startsWith substring toLowerCase toUpperCase trim".split(
    " ",
  ),
  ..."trimEnd trimStart toFixed toISOString toJSON toLocaleString toString valueOf getTime join has hasOwnProperty".split(
    " ",
  ),
  ..."every some push unshift forEach keys".split(" "),
]);

/** Methods that JavaScript's own types have: they call the functions that they are given, and do no steps of their own. */
const standardMethods = new Set([
  ...textMethods,
  ..."concat entries fill filter find findIndex findLast findLastIndex flat get pop reduce reduceRight reverse".split(
    " ",
  ),
  ..."set shift sort splice toReversed toSorted toSpliced values with add clear delete".split(" "),
]);
