import type { Node } from "@babel/types";
import type { StepKind, StepShape } from "../contract/diagram.ts";
import { callPlaceOf, placeOf } from "../source/place.ts";
import { oneLine } from "../source/text.ts";
import type { Frame } from "./frame.ts";
import { sourceOf } from "./launch.ts";
import type { Part } from "./flow.ts";
import { entryPointHole } from "./members.ts";
import { shapeOf, showText, textOf } from "./value.ts";
import type { Text, Value } from "./value.ts";

/** The steps of `fetch` and of the operations of `ctx`, with what the source says about their arguments. */

export interface GivenArguments {
  readonly frame: Frame;
  readonly node: Node;
  /** The expression of the function, by whose name stack traces place the call; undefined if other code calls it. */
  readonly callee: Node | undefined;
  readonly values: readonly Value[];
  /** The expressions of the arguments, where they are known. */
  readonly nodes: readonly (Node | undefined)[];
}

type StepPart = Extract<Part, { part: "step" }>;

interface Described {
  readonly kind: StepKind;
  readonly label: string;
  readonly names: StepShape["names"];
  readonly times?: StepShape["times"];
  readonly note?: string;
}

/** @param name such as `fetch` or `ctx.sleep` */
export function stepOf(name: string, given: GivenArguments): StepPart | undefined {
  const described = describers[name]?.(given);
  if (described === undefined) return undefined;
  const { kind, label, names, times = "once", note } = described;
  const { frame, callee, node } = given;
  const file = frame.module.file.name;
  const place = callee === undefined ? placeOf(file, node) : callPlaceOf(file, callee);
  const elsewhere = callee === undefined ? { isElsewhere: true as const } : {};
  const noted = note === undefined ? {} : { note: oneLine(note) };
  return {
    part: "step",
    kind,
    label: oneLine(label),
    ...place,
    ...noted,
    step: { names, times, ...elsewhere },
  };
}

const describers: Readonly<Record<string, (given: GivenArguments) => Described>> = {
  fetch: describeFetch,
  "ctx.sleep": (given) => ({ kind: "sleep", label: `sleep ${shownArgument(given, 0)}`, names: [["sleep"]] }),
  "ctx.waitForEvent": describeWait,
  "ctx.createCallback": (given) => ({
    kind: "callback",
    label: "callback",
    names: [["wait for callback ", null], ...timeoutOf(given, 0).names],
    times: "many",
    ...timeoutOf(given, 0).note,
  }),
  "ctx.call": (given) => describeCall("call", given),
  "ctx.send": (given) => describeCall("send", given),
  "ctx.tag": (given) => ({
    kind: "tag",
    label: `tag ${given.values.map((_, index) => shownArgument(given, index)).join(", ")}`,
    names: [["tag ", null]],
    times: "optional",
  }),
  "ctx.secrets.hmacSha256": (given) => ({
    kind: "hmac",
    label: `sign with ${shownArgument(given, 0)}`,
    names: [["hmac", null]],
  }),
  "ctx.state.get": (given) => describeState("get", given),
  "ctx.state.set": (given) => describeState("set", given),
  "ctx.state.delete": (given) => describeState("delete", given),
  "ctx.state.keys": () => ({ kind: "state", label: "list state keys", names: [["state keys"]] }),
  "ctx.state.update": (given) => ({
    kind: "state",
    label: `update state ${shownArgument(given, 0)}`,
    names: [["state get ", ...keyShape(given)], ["state update ", ...keyShape(given)], ["sleep"]],
    times: "many",
  }),
  setTimeout: (given) => ({ kind: "timer", label: `timer ${milliseconds(given, 1)}`, names: [["timer"]] }),
  setImmediate: () => ({ kind: "timer", label: "timer 0 ms", names: [["timer"]] }),
  setInterval: (given) => ({
    kind: "timer",
    label: `every ${milliseconds(given, 1)}`,
    names: [["timer"]],
    times: "many",
  }),
  "AbortSignal.timeout": (given) => ({
    kind: "timer",
    label: `time limit ${milliseconds(given, 0)}`,
    names: [["timer"]],
  }),
};

function describeFetch(given: GivenArguments): Described {
  const [resource, init] = given.values;
  const url = argumentText(given, 0);
  const method = methodOf(init, resource === undefined || resource.is === "data" ? "GET" : undefined);
  const shownMethod = method ?? "fetch";
  const retry = init?.is === "collection" ? init.members.get("retry") : undefined;
  const text = retry === undefined ? undefined : textOf(retry);
  return {
    kind: "fetch",
    label: `${shownMethod} ${showText(url)}`,
    names: [["fetch ", method ?? null, " ", ...withoutQuery(shapeOf(url))]],
    ...(text === undefined ? {} : { note: `retried: ${showText(text)}` }),
  };
}

/** The names of steps do not have the query. */
function withoutQuery(shape: readonly (string | null)[]): (string | null)[] {
  const end = shape.findIndex((part) => part?.includes("?") === true);
  if (end === -1) return [...shape, null];
  return [...shape.slice(0, end), (shape[end] ?? "").replace(/\?.*$/s, ""), null];
}

/** The method in the options of a request, the fallback if they have none, or undefined if it is not known. */
function methodOf(options: Value | undefined, fallback: string | undefined): string | undefined {
  if (options === undefined) return fallback;
  if (options.is !== "collection") return undefined;
  const method = options.members.get("method");
  if (method === undefined) return options.isOpen ? undefined : fallback;
  const [text, ...others] = textOf(method) ?? [];
  return typeof text === "string" && others.length === 0 ? text.toUpperCase() : undefined;
}

function describeWait(given: GivenArguments): Described {
  const name = argumentText(given, 0);
  const timeout = timeoutOf(given, 1);
  return {
    kind: "wait",
    label: `wait for event ${showText(name)}`,
    names: [
      ["wait for event ", ...shapeOf(name)],
      ["wait for event ", ...shapeOf(name), " (", null, ")"],
      ...timeout.names,
    ],
    times: "many",
    ...timeout.note,
  };
}

/** The timer of a wait with a timeout. */
function timeoutOf(
  { values, frame, nodes }: GivenArguments,
  index: number,
): { names: StepShape["names"]; note: { note?: string } } {
  const options = values[index];
  if (options === undefined) return { names: [], note: {} };
  const timeout = options.is === "collection" && !options.isOpen ? options.members.get("timeout") : options;
  if (timeout === undefined) return { names: [], note: {} };
  const text = textOf(timeout) ?? [
    { hole: nodes[index] === undefined ? "…" : sourceOf(frame, nodes[index]) },
  ];
  return { names: [["timer"]], note: timeout === options ? {} : { note: `at most ${showText(text)}` } };
}

function describeCall(kind: "call" | "send", given: GivenArguments): Described {
  const id = argumentText(given, 0);
  const options = given.values[1];
  const entryPoint = options?.is === "collection" ? options.members.get("entryPoint") : undefined;
  const text = entryPoint === undefined ? undefined : textOf(entryPoint);
  return {
    kind,
    label: `${kind} ${showText(id)}${text === undefined ? "" : `/${showText(text)}`}`,
    names: [
      [`${kind} `, ...shapeOf(id)],
      [`${kind} `, ...shapeOf(id), "/", null],
    ],
  };
}

function describeState(action: "get" | "set" | "delete", given: GivenArguments): Described {
  const label = `${action} state ${shownArgument(given, 0)}`;
  return { kind: "state", label, names: [[`state ${action} `, ...keyShape(given), null]] };
}

function keyShape(given: GivenArguments): readonly (string | null)[] {
  return shapeOf(argumentText(given, 0));
}

function shownArgument(given: GivenArguments, index: number): string {
  return showText(argumentText(given, index));
}

function milliseconds(given: GivenArguments, index: number): string {
  const text = given.values[index] === undefined ? ["0"] : argumentText(given, index);
  return `${showText(text)} ms`;
}

/** What is known of an argument as a text; its source where nothing is. */
function argumentText({ values, nodes, frame }: GivenArguments, index: number): Text {
  const value = values[index];
  const text = value === undefined ? undefined : textOf(value);
  if (text !== undefined) return text;
  const node = nodes[index];
  return [{ hole: node === undefined ? "…" : sourceOf(frame, node) }];
}

/** True if a text is the entry point and nothing else. */
export function isEntryPoint(value: Value): boolean {
  const [part, ...others] = textOf(value) ?? [];
  return part === entryPointHole && others.length === 0;
}
