import { callGuarded } from "../host/completion.ts";
import { ownWeakMap } from "../core/primordials.ts";
import { setTimeout } from "../host/timers.ts";
import { dictionary, domString, assertArguments } from "../core/interface.ts";

/** The properties of a `PerformanceEntry` that are used here. */
interface TimelineEntry {
  readonly name: string;
  readonly entryType: string;
  /** Milliseconds since the execution started. */
  readonly startTime: number;
}

export interface ObserverOptions {
  readonly entryTypes?: readonly string[];
  readonly type?: string;
  /** True to receive the existing entries as well. */
  readonly buffered?: boolean;
}

type Callback = (list: PerformanceObserverEntryList, observer: PerformanceObserver, rest: object) => unknown;

interface State {
  readonly callback: Callback;
  types: readonly string[];
  /** The form of the `observe` calls: one call with all types, or several calls with one type each. */
  way: "entryTypes" | "type" | undefined;
  queue: TimelineEntry[];
}

/** The entries of `performance`. */
let timeline: () => readonly TimelineEntry[] = () => [];
const states = ownWeakMap<PerformanceObserver, State>();
const observing = new Set<PerformanceObserver>();
const supported = Object.freeze(["mark", "measure"]);
let isScheduled = false;
/** Required by the constructor, so that a workflow cannot call `new PerformanceObserverEntryList()`. */
const maker = Symbol("maker");

export function observeTimeline(entries: () => readonly TimelineEntry[]): void {
  timeline = entries;
}

/** Queues a new entry for the observers of its type. */
export function queueEntry(entry: TimelineEntry): void {
  for (const observer of observing) queueTo(stateOf(observer), entry);
}

function queueTo({ types, queue }: State, entry: TimelineEntry): void {
  if (!types.includes(entry.entryType)) return;
  queue.push(entry);
  schedule();
}

/** Delivers entries in a separate task, as the standard requires. */
function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setTimeout(() => {
    isScheduled = false;
    for (const observer of observing) deliverTo(observer);
  });
}

function deliverTo(observer: PerformanceObserver): void {
  const entries = observer.takeRecords();
  if (entries.length === 0) return;
  const list = new PerformanceObserverEntryList(entries, maker);
  callGuarded(stateOf(observer).callback, observer, [list, observer, { droppedEntriesCount: 0 }]);
}

function stateOf(observer: PerformanceObserver): State {
  const state = states.get(observer);
  if (state === undefined) throw new TypeError("This is no PerformanceObserver");
  return state;
}

/** `PerformanceObserverEntryList` of Performance Timeline. */
export class PerformanceObserverEntryList {
  readonly #entries: readonly TimelineEntry[];

  constructor(entries: readonly TimelineEntry[], key: unknown) {
    if (key !== maker) throw new TypeError("A PerformanceObserverEntryList is made by observers");
    this.#entries = entries.toSorted((a, b) => a.startTime - b.startTime);
  }

  getEntries(): TimelineEntry[] {
    return [...this.#entries];
  }

  getEntriesByType(type: unknown): TimelineEntry[] {
    assertArguments(arguments.length, 1, "getEntriesByType");
    const wanted = domString(type);
    return this.#entries.filter(({ entryType }) => entryType === wanted);
  }

  getEntriesByName(name: unknown, ...[type]: unknown[]): TimelineEntry[] {
    assertArguments(arguments.length, 1, "getEntriesByName");
    const [wanted, kind] = [domString(name), type === undefined ? undefined : domString(type)];
    return this.#entries.filter(
      (entry) => entry.name === wanted && (kind === undefined || entry.entryType === kind),
    );
  }
}

/** `PerformanceObserver` of Performance Timeline, for marks and measures. */
export class PerformanceObserver {
  constructor(callback: Callback) {
    assertArguments(arguments.length, 1, "PerformanceObserver");
    if (typeof callback !== "function") throw new TypeError("A PerformanceObserver takes a function");
    states.set(this, { callback, types: [], way: undefined, queue: [] });
  }

  static get supportedEntryTypes(): readonly string[] {
    return supported;
  }

  /**
   * @throws {TypeError} if both `entryTypes` and `type` are given, or neither is
   * @throws {DOMException} `InvalidModificationError` if an earlier call used the other form
   */
  observe(...[options]: [ObserverOptions?]): void {
    const state = stateOf(this);
    const { entryTypes, type, buffered } = dictionary(options, "The options of observe");
    if ((entryTypes === undefined) === (type === undefined))
      throw new TypeError("observe takes entryTypes, or a type");
    const way = entryTypes === undefined ? "type" : "entryTypes";
    if (state.way !== undefined && state.way !== way)
      throw new DOMException(`This observer was told by ${state.way} before`, "InvalidModificationError");
    state.way = way;
    const known = (entryTypes === undefined ? [type] : [...entryTypes])
      .map(domString)
      .filter((one) => supported.includes(one));
    if (known.length === 0) return;
    state.types = way === "type" ? [...state.types, ...known] : known;
    observing.add(this);
    if (way !== "type" || buffered !== true) return;
    for (const entry of timeline()) if (known.includes(entry.entryType)) queueTo(state, entry);
  }

  disconnect(): void {
    observing.delete(this);
    Object.assign(stateOf(this), { types: [], way: undefined, queue: [] });
  }

  takeRecords(): TimelineEntry[] {
    const state = stateOf(this);
    const { queue } = state;
    state.queue = [];
    return queue;
  }
}
