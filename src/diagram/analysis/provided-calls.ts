import type { Node } from "@babel/types";
import type { JoinMode } from "../contract/diagram.ts";
import { placeOf } from "../source/place.ts";
import { hasSteps } from "./flow.ts";
import type { Branch, Part } from "./flow.ts";
import { aside } from "./frame.ts";
import type { CallSite, Frame } from "./frame.ts";
import { emit, launch, optional, settle, shown, sourceOf } from "./launch.ts";
import { choice } from "./members.ts";
import { stepOf } from "./provided.ts";
import type { GivenArguments } from "./provided.ts";
import { data, isInert, settledValue, showText, unknown } from "./value.ts";
import type { Value } from "./value.ts";

/** Calls of what Duranium and JavaScript provide: operations, promises, timers, and helpers. */
export function callProvided(name: string, args: readonly Value[], call: CallSite): Value {
  const given = givenBy(args, call);
  const step = stepOf(name, given);
  if (step !== undefined) return callOperation(name, { step, given, call });
  const follow = followers[name];
  if (follow !== undefined) return follow(given, call);
  if (name === "eval" || name === "Function" || name === "require" || name === "Proxy") {
    emit(call.frame, {
      ...shown(call.frame, call.node, `code that calls ${name}`),
      part: "opaque",
      called: [],
    });
    return unknown(name);
  }
  return callBack(args, call);
}

function givenBy(values: readonly Value[], { frame, node }: CallSite): GivenArguments {
  const isCall =
    node.type === "CallExpression" || node.type === "OptionalCallExpression" || node.type === "NewExpression";
  return {
    frame,
    node,
    callee: isCall ? node.callee : undefined,
    values,
    nodes: isCall ? node.arguments : [],
  };
}

interface Operation {
  readonly step: Extract<Part, { part: "step" }>;
  readonly given: GivenArguments;
  readonly call: CallSite;
}

function callOperation(name: string, { step, given, call }: Operation): Value {
  const { frame, node, isAwaited } = call;
  emit(frame, isAwaited ? step : optional(step));
  if (name === "ctx.state.update") emitCallback(frame, node, given.values[1], "the new value");
  if (name.startsWith("set")) {
    emitCallback(frame, node, given.values[0], "when the time is over");
    return data;
  }
  if (name === "AbortSignal.timeout") return data;
  if (name !== "ctx.createCallback") return { is: "promise", value: data };
  const members = new Map<string, Value>([["promise", { is: "promise", value: data }]]);
  return { is: "collection", node, members, isOpen: true, isTainted: false };
}

/** A function that runs later, any number of times. */
function emitCallback(frame: Frame, node: Node, value: Value | undefined, label: string): void {
  if (value === undefined || isInert(value)) return;
  const inner = aside(frame);
  settle(call(value, [], { frame: inner, node, isAwaited: true }), inner, node);
  if (hasSteps(inner.out))
    emit(frame, {
      ...shown(frame, node, label),
      part: "background",
      branches: [{ flow: inner.out }],
      isEach: true,
    });
}

function call(value: Value, args: readonly Value[], site: CallSite): Value {
  return site.frame.analysis.evaluator.callValue(value, args, site);
}

type Follower = (given: GivenArguments, call: CallSite) => Value;

const followers: Readonly<Record<string, Follower>> = {
  queueMicrotask: ({ frame, node, values }) => {
    emitCallback(frame, node, values[0], "later");
    return data;
  },
  Promise: (given, site) => {
    const [executor] = given.values;
    if (executor !== undefined)
      launch(call(executor, [data, data], { ...site, isAwaited: false }), site.frame, site.node);
    return { is: "promise", value: data };
  },
  "Promise.resolve": ({ values: [value = data] }) =>
    value.is === "promise" ? value : { is: "promise", value },
  "Promise.reject": () => ({ is: "promise", value: data }),
  "Promise.try": ({ values: [operation = data, ...args] }, site) => call(operation, args, site),
  "Promise.withResolvers": ({ node }) => ({
    is: "collection",
    node,
    members: new Map<string, Value>([["promise", { is: "promise", value: data }]]),
    isOpen: true,
    isTainted: false,
  }),
  "Promise.all": (given, site) => combined("all", given, site),
  "Promise.allSettled": (given, site) => combined("allSettled", given, site),
  "Promise.race": (given, site) => combined("race", given, site),
  "Promise.any": (given, site) => combined("any", given, site),
  "Array.from": ({ values: [items = data, operation], node, frame }, site) =>
    operation === undefined ? items : mapped(items, operation, { ...site, frame, node }),
  "Array.fromAsync": ({ values: [items = data, operation], frame, node }, site) => {
    if (operation === undefined) return { is: "promise", value: launch(items, frame, node) };
    const inner = aside(frame);
    const value = settle(
      call(operation, [elementOf(items), data], { ...site, frame: inner, isAwaited: true }),
      inner,
      node,
    );
    return {
      is: "promise",
      value: isInert(value) ? data : unknown("the results"),
      flow: [loopOf(frame, node, inner.out)],
    };
  },
  "Object.entries": ({ values: [items = data] }) => (isInert(items) ? data : unknown("the entries")),
  "Object.values": ({ values: [items = data] }) =>
    items.is === "collection" ? items : isInert(items) ? data : unknown("the values"),
  "Object.fromEntries": ({ values: [items = data] }) => (isInert(items) ? data : unknown("the object")),
  "Object.freeze": ({ values: [value = data] }) => value,
  "Object.assign": ({ values }) => (values.every(isInert) ? data : unknown("the object")),
  "Reflect.apply": ({ values: [operation = data] }, site) => call(operation, [unknown("an argument")], site),
  "Reflect.construct": ({ values: [operation = data] }, site) =>
    call(operation, [unknown("an argument")], site),
  "Reflect.get": ({ values: [owner = data] }) => (isInert(owner) ? data : unknown("a member")),
  retry: followRetry,
  mapConcurrent: ({ values: [items = data, operation = data], frame, node, nodes }, site) => {
    const inner = aside(frame);
    const value = settle(
      call(operation, [elementOf(items), data], { ...site, frame: inner, isAwaited: true }),
      inner,
      node,
    );
    const list = nodes[0] === undefined ? "items" : sourceOf(frame, nodes[0]);
    const options = site.node.type === "CallExpression" ? site.node.arguments[2] : undefined;
    const part: Part = {
      ...shown(
        frame,
        node,
        `for each of ${list}`,
        options === undefined ? undefined : concurrencyText(frame, options),
      ),
      part: "parallel",
      mode: "all",
      branches: [{ flow: inner.out }],
      isEach: true,
    };
    const result = isInert(value) ? data : unknown("the results");
    return hasSteps(inner.out)
      ? { is: "promise", flow: [part], value: result }
      : { is: "promise", value: result };
  },
};

function concurrencyText(frame: Frame, options: Node): string {
  const source = sourceOf(frame, options);
  return /^\{ ?concurrency: ?([\w.]+),? ?\}$/.exec(source)?.[1]?.concat(" at a time") ?? source;
}

/** `retry` of the package: the operation, again after a pause when it has failed. */
function followRetry({ values, frame, node }: GivenArguments, site: CallSite): Value {
  const [, operation = data, options] = values;
  const attempt = aside(frame);
  const value = settle(call(operation, [data], { ...site, frame: attempt, isAwaited: true }), attempt, node);
  const handler = aside(frame);
  const shouldRetry = options?.is === "collection" ? options.members.get("shouldRetry") : undefined;
  if (shouldRetry !== undefined)
    settle(call(shouldRetry, [data, data], { ...site, frame: handler, isAwaited: true }), handler, node);
  const attempts = options?.is === "collection" ? options.members.get("attempts") : undefined;
  const at = placeOf(frame.module.file.name, node);
  const times =
    attempts === undefined
      ? "5"
      : attempts.is === "data" && attempts.text !== undefined
        ? showText(attempts.text)
        : "some";
  const pause: Part = {
    ...at,
    part: "step",
    kind: "sleep",
    label: "pause before the next attempt",
    step: { names: [["sleep"]], times: "once", isElsewhere: true },
  };
  const tried: Part = {
    ...at,
    part: "try",
    label: "attempt",
    body: [...attempt.out, { part: "break", name: undefined }],
    handler: { ...at, label: "failed", flow: handler.out },
  };
  const flow: Part = {
    ...at,
    part: "loop",
    label: `retry, up to ${times} attempts`,
    test: [],
    body: [tried, pause],
    update: [],
    labels: [],
    isBodyFirst: true,
    isEndless: true,
  };
  return { is: "promise", value, flow: [flow] };
}

/** `Promise.all` and the others: the promises that were not started are its branches. */
function combined(mode: JoinMode, given: GivenArguments, { frame, node }: CallSite): Value {
  const [list = data] = given.values;
  const branches: Branch[] = [];
  let isEach = false;
  const values: Value[] = [];
  if (list.is === "promises") {
    if (hasSteps(list.each)) branches.push({ flow: list.each });
    isEach = true;
    values.push(list.value);
  } else if (list.is === "collection" && !list.isTainted) {
    for (const [label, value] of list.members) {
      const inner = aside(frame);
      values.push(settledValue(settle(value, inner, node)));
      if (hasSteps(inner.out)) branches.push({ label, flow: inner.out });
    }
  } else if (!isInert(list)) values.push(unknown("a result"));
  const isPlain = values.every((value) => isInert(settledValue(value)));
  const value = isPlain
    ? data
    : mode === "all" && list.is === "collection"
      ? valuesOf(node, values)
      : unknown("the results");
  if (branches.length === 0) return { is: "promise", value };
  const label = isEach && list.is === "promises" ? list.label : labels[mode];
  const part: Part = { ...shown(frame, node, label), part: "parallel", mode, branches, isEach };
  return { is: "promise", flow: [part], value };
}

const labels: Readonly<Record<JoinMode, string>> = {
  all: "all of these",
  allSettled: "all of these, whether they fail or not",
  race: "the first to end",
  any: "the first to succeed",
};

function valuesOf(node: Node, values: readonly Value[]): Value {
  const members = new Map(values.map((value, index) => [String(index), value]));
  return { is: "collection", node, members, isOpen: false, isTainted: false };
}

/** A function that is called with each element, as `map` does: its promises are not awaited. */
export function mapped(items: Value, operation: Value, site: CallSite): Value {
  const { frame, node } = site;
  const inner = aside(frame);
  const result = call(operation, [elementOf(items), data], { ...site, frame: inner, isAwaited: false });
  const isPromise = result.is === "promise";
  const value = settle(result, inner, node);
  if (!hasSteps(inner.out)) return isInert(value) ? data : unknown("the elements");
  const list =
    node.type === "CallExpression" && node.callee.type === "MemberExpression"
      ? sourceOf(frame, node.callee.object)
      : "items";
  const kept = isInert(value) ? data : unknown("the elements");
  return { is: "promises", each: inner.out, label: `for each of ${list}`, value: isPromise ? kept : kept };
}

/** What is known of each element of a list. */
export function elementOf(items: Value): Value {
  if (items.is === "collection" && !items.isTainted)
    return choice([...items.members].map(([label, value]) => ({ label, value })));
  return isInert(items) || items.is === "promises" ? data : unknown("an element");
}

/** A function of JavaScript that calls the functions that it is given, each any number of times before it returns. */
export function callBack(args: readonly Value[], site: CallSite): Value {
  const { frame, node } = site;
  let isPlain = true;
  for (const value of args) {
    if (isInert(value)) continue;
    const isFunction = value.is === "closure" || value.is === "provided" || value.is === "choice";
    if (!isFunction) {
      isPlain = false;
      continue;
    }
    const inner = aside(frame);
    const result = call(value, [data, data, data], { ...site, frame: inner, isAwaited: false });
    const isLater = result.is === "promise" && result.flow !== undefined;
    const settled = isLater ? settle(result, inner, node) : launch(result, inner, node);
    isPlain &&= isInert(settled);
    if (!hasSteps(inner.out)) continue;
    if (!isLater) emit(frame, loopOf(frame, node, inner.out));
    else
      emit(frame, {
        ...shown(frame, node, `start ${sourceOf(frame, node)}`),
        part: "background",
        branches: [{ flow: inner.out }],
        isEach: true,
      });
  }
  return isPlain ? data : unknown(sourceOf(frame, node));
}

function loopOf(frame: Frame, node: Node, body: readonly Part[]): Part {
  return {
    ...shown(frame, node, `for each: ${sourceOf(frame, node)}`),
    part: "loop",
    test: [],
    body,
    update: [],
    labels: [],
  };
}
