// oxlint-disable typescript/unbound-method -- members are applied to receivers, right and wrong
/**
 * What the sweep evaluates, the same in the sandbox and in Node: bundled to one script (`outcomes.ts`), it calls every member of a
 * global, on right and wrong receivers with generated arguments, and says what each call came to.
 */
import { argumentsFor, instancesOf, wrongReceivers } from "./inputs.ts";
import { makeInput } from "./large-inputs.ts";
import type { InputKind } from "./large-inputs.ts";
import { summarize, summarizeThrown, summarizeWhole } from "./summary.ts";

export interface SweepRequest {
  /** Of a global. */
  readonly name: string;
  /** How many lists of arguments each function is called with. */
  readonly rounds: number;
  /** Calls from the first to the last, without it; to find one that ends the instance. */
  readonly from?: number;
  readonly to?: number;
}

/** What a global and its members are: by their labels, a kind, and of functions their name and length. */
export function shapesOf(name: string): Record<string, string> {
  const value = (globalThis as unknown as Record<string, unknown>)[name];
  const shapes: Record<string, string> = { [`shape of ${name}`]: shapeOf({ value }) };
  if (typeof value === "object" && value !== null) addShapes(shapes, `${name}.`, withInherited(value));
  if (typeof value !== "function") return shapes;
  addShapes(
    shapes,
    `${name}.`,
    ownMembers(value)
      .filter((key) => !ofFunctions.has(key))
      .map((key) => [key, value]),
  );
  const prototype = value.prototype as object | undefined;
  // Functions that can be called with `new` by accident have one.
  if (prototype !== undefined && /^[A-Z]/.test(name)) addShapes(shapes, `${name}#`, withInherited(prototype));
  return shapes;
}

function addShapes(shapes: Record<string, string>, prefix: string, members: readonly Owned[]): void {
  for (const [key, owner] of members) {
    shapes[`shape of ${prefix}${key.toString()}`] = shapeOf(
      Object.getOwnPropertyDescriptor(owner, key) as PropertyDescriptor,
    );
  }
}

function shapeOf({ get, set, value }: PropertyDescriptor): string {
  if (get !== undefined || set !== undefined) return "a value";
  return typeof value === "function" ? `function ${value.name}, ${value.length} arguments` : "a value";
}

/**
 * The names of the globals, and the shapes of some of them.
 *
 * @param names those whose shapes are wanted; all, if it is missing
 * @param added what the command line of Node adds: its modules
 */
export function allShapes(
  names?: readonly string[],
  added: readonly string[] = [],
): { names: string[]; shapes: Record<string, string> } {
  const ofModules = new Set([
    ...added,
    ...added.map((name) => `node:${name}`),
    "sweep",
    "require",
    "module",
    "exports",
    "__filename",
    "__dirname",
  ]);
  const own = Object.getOwnPropertyNames(globalThis).filter(
    (name) => !ofModules.has(name) && !name.startsWith("node:"),
  );
  return {
    names: own,
    shapes: Object.assign({}, ...(names ?? own).filter((name) => !globals.has(name)).map(shapesOf)) as Record<
      string,
      string
    >,
  };
}

const globals: ReadonlySet<string> = new Set(["globalThis", "self", "global"]);

export interface ValueRequest {
  readonly expression: string;
  readonly input: InputKind;
  readonly size: number;
  readonly seed: number;
}

/** What an expression over a generated `input` comes to, as a summary. It may give a promise. */
export async function valueOf({ expression, input, size, seed }: ValueRequest): Promise<string> {
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- expressions of the sweep
  const evaluate = new Function("input", `return ${expression};`) as (input: unknown) => unknown;
  const { value, thrown } = attempt(() => evaluate(makeInput(input, size, seed)));
  if (thrown !== undefined) return `throws ${thrown}`;
  if (!(value instanceof Promise)) return summarizeWhole(value);
  try {
    return summarizeWhole(await value);
  } catch (error) {
    return `rejects ${summarizeThrown(error)}`;
  }
}

interface Call {
  readonly label: string;
  readonly act: () => unknown;
}

/** What each call came to, by its label. Promises are waited for as long as `pause` gives them. */
export async function outcomesOf(
  request: SweepRequest,
  pause: () => Promise<void>,
): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  const waiting: Promise<void>[] = [];
  const { from = 0, to = Number.POSITIVE_INFINITY } = request;
  for (const { label, act } of callsOf(request).slice(from, to)) {
    outcomes[label] = "pending";
    const { value, thrown } = attempt(act);
    if (thrown !== undefined) outcomes[label] = `throws ${thrown}`;
    else if (!(value instanceof Promise)) outcomes[label] = summarize(value);
    else waiting.push(settle(value, (outcome) => (outcomes[label] = outcome)));
  }
  await Promise.race([Promise.all(waiting), pause()]);
  return outcomes;
}

async function settle(promise: Promise<unknown>, keep: (outcome: string) => void): Promise<void> {
  try {
    keep(`promise of ${summarize(await promise)}`);
  } catch (error) {
    keep(`rejects ${summarizeThrown(error)}`);
  }
}

function attempt(act: () => unknown): { readonly value?: unknown; readonly thrown?: string } {
  try {
    return { value: act() };
  } catch (error) {
    return { thrown: summarizeThrown(error) };
  }
}

export function callsOf({ name, rounds }: SweepRequest): readonly Call[] {
  const value = (globalThis as unknown as Record<string, unknown>)[name];
  const makers = instancesOf(name);
  if (typeof value === "object" && value !== null) {
    const members = withInherited(value);
    return members.flatMap(([key, owner]) =>
      callsOfMember(`${name}.${key.toString()}`, owner, key, [() => value], rounds),
    );
  }
  if (typeof value !== "function") return [];
  return [
    ...callsOfFunction(name, value, rounds),
    ...callsOfStatics(name, value, rounds),
    ...callsOfPrototype(name, value, makers, rounds),
  ];
}

type Maker = () => unknown;
type Owned = readonly [key: PropertyKey, owner: object];

/** The members of an object and of what it inherits from, but for those that all objects have. */
function withInherited(value: object): readonly Owned[] {
  const members = new Map<PropertyKey, object>();
  for (
    let owner: object | null = value;
    owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    for (const key of ownMembers(owner))
      if (key !== "constructor" && !members.has(key)) members.set(key, owner);
  }
  return [...members];
}

/** Without what an engine has for itself, under symbols of its own or with an underscore. */
function ownMembers(owner: object): readonly PropertyKey[] {
  return Reflect.ownKeys(owner).filter((key) =>
    typeof key === "string" ? !/^_[a-z]/.test(key) : wellKnown.has(key),
  );
}

const wellKnown = new Set<unknown>(
  Object.getOwnPropertyNames(Symbol).map((name) => Reflect.get(Symbol, name) as unknown),
);

/** Called, and as a constructor. */
function callsOfFunction(name: string, made: Function, rounds: number): readonly Call[] {
  return Array.from({ length: rounds }, (_, round) => [
    call(`${name}() ${round}`, () => Reflect.apply(made, undefined, argumentsFor(name, round))),
    call(`new ${name}() ${round}`, () => Reflect.construct(made, argumentsFor(name, round))),
  ]).flat();
}

/** What every function has of the language. */
const ofFunctions: ReadonlySet<PropertyKey> = new Set(["length", "name", "prototype", "arguments", "caller"]);

function callsOfStatics(name: string, made: Function, rounds: number): readonly Call[] {
  const keys = ownMembers(made).filter((key) => !ofFunctions.has(key));
  return keys.flatMap((key) => callsOfMember(`${name}.${key.toString()}`, made, key, [() => made], rounds));
}

function callsOfPrototype(
  name: string,
  made: Function,
  makers: readonly Maker[],
  rounds: number,
): readonly Call[] {
  const prototype = made.prototype as object | undefined;
  if (prototype === undefined) return [];
  return ownMembers(prototype)
    .filter((key) => key !== "constructor")
    .flatMap((key) => callsOfMember(`${name}#${key.toString()}`, prototype, key, makers, rounds));
}

function callsOfMember(
  label: string,
  owner: object,
  key: PropertyKey,
  makers: readonly Maker[],
  rounds: number,
): readonly Call[] {
  const { get, set, value } = Object.getOwnPropertyDescriptor(owner, key) as PropertyDescriptor;
  if (get !== undefined || set !== undefined)
    return callsOfAccessor(label, owner, { get, set }, makers, rounds);
  if (typeof value !== "function") return [call(label, () => value as unknown)];
  const wrong = wrongReceivers(owner, makers).flatMap(([kind, receiver]) => [
    call(`${label} on ${kind}`, () => Reflect.apply(value, receiver(), [])),
    call(`${label} on ${kind} with arguments`, () =>
      Reflect.apply(value, receiver(), argumentsFor(label, 1)),
    ),
  ]);
  const right = makers.flatMap((maker, index) =>
    Array.from({ length: rounds }, (_, round) =>
      call(`${label} on ${index} ${round}`, () => {
        const receiver = maker();
        return onReceiver(receiver, Reflect.apply(value, receiver, argumentsFor(`${label}${index}`, round)));
      }),
    ),
  );
  return [...wrong, ...right];
}

function callsOfAccessor(
  label: string,
  owner: object,
  {
    get,
    set,
  }: { readonly get: (() => unknown) | undefined; readonly set: ((value: unknown) => void) | undefined },
  makers: readonly Maker[],
  rounds: number,
): readonly Call[] {
  const receivers = wrongReceivers(owner, makers);
  const getters =
    get === undefined
      ? []
      : receivers.map(([kind, receiver]) =>
          call(`get ${label} on ${kind}`, () => Reflect.apply(get, receiver(), [])),
        );
  const setters =
    set === undefined
      ? []
      : receivers.map(([kind, receiver]) =>
          call(`set ${label} on ${kind}`, () => Reflect.apply(set, receiver(), ["a"])),
        );
  const right = makers.flatMap((maker, index) => [
    ...(get === undefined ? [] : [call(`get ${label} on ${index}`, () => Reflect.apply(get, maker(), []))]),
    ...(set === undefined
      ? []
      : Array.from({ length: rounds }, (_, round) =>
          call(`set ${label} on ${index} ${round}`, () => {
            const receiver = maker();
            return onReceiver(
              receiver,
              Reflect.apply(set, receiver, argumentsFor(`${label}${index}`, round, 1)) as unknown,
            );
          }),
        )),
  ]);
  return [...getters, ...setters, ...right];
}

/** What a call gave, and what it made of its receiver, where that is an object. */
function onReceiver(receiver: unknown, value: unknown): unknown {
  const isObject = typeof receiver === "object" && receiver !== null;
  return isObject && receiver !== value && !(value instanceof Promise) ? new Pair(value, receiver) : value;
}

class Pair {
  readonly gave: unknown;
  readonly receiver: unknown;

  constructor(gave: unknown, receiver: unknown) {
    this.gave = gave;
    this.receiver = receiver;
  }
}

function call(label: string, act: () => unknown): Call {
  return { label, act };
}
