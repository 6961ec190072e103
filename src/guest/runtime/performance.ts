import { elapsed, timeOrigin } from "../core/clock.ts";
import { observeTimeline, queueEntry } from "./performance-observer.ts";
import { EventTarget } from "../platform/web/events/event-target.ts";
import { dictionary, domNumber, domString, assertArguments } from "../core/interface.ts";

interface Entry {
  readonly name: string;
  readonly entryType: "mark" | "measure";
  readonly startTime: number;
  readonly duration: number;
  readonly detail: unknown;
}

/** Required by the constructor, so that a workflow cannot call `new PerformanceEntry()`. */
const maker = Symbol("maker");

/** A `mark` or `measure` of User Timing. Times are milliseconds since the execution started. */
export class PerformanceEntry {
  readonly #entry: Entry;

  constructor(entry: Entry, key: unknown) {
    if (key !== maker)
      throw new TypeError("A PerformanceEntry is made by performance.mark and performance.measure");
    this.#entry = entry;
  }

  get name(): string {
    return this.#entry.name;
  }

  get entryType(): string {
    return this.#entry.entryType;
  }

  get startTime(): number {
    return this.#entry.startTime;
  }

  get duration(): number {
    return this.#entry.duration;
  }

  toJSON(): object {
    return { ...this.#entry };
  }
}

export class PerformanceMark extends PerformanceEntry {
  readonly #detail: unknown;

  /** @throws {DOMException} `DataCloneError` if the detail cannot be cloned */
  constructor(name: unknown, options: MarkOptions = {}) {
    assertArguments(arguments.length, 1, "PerformanceMark");
    const { startTime = elapsed(), detail = null } = dictionary(options, "The options of a mark");
    const time = domNumber(startTime);
    if (!(time >= 0)) throw new TypeError("The startTime of a mark is 0 or more");
    const copy: unknown = structuredClone(detail ?? null);
    super({ name: domString(name), entryType: "mark", startTime: time, duration: 0, detail: copy }, maker);
    this.#detail = copy;
  }

  get detail(): unknown {
    return this.#detail;
  }
}

export class PerformanceMeasure extends PerformanceEntry {
  readonly #detail: unknown;

  constructor(entry: Entry, key: unknown) {
    super(entry, key);
    this.#detail = entry.detail;
  }

  get detail(): unknown {
    return this.#detail;
  }
}

interface MarkOptions {
  readonly startTime?: number;
  readonly detail?: unknown;
}

interface MeasureOptions {
  readonly start?: string | number;
  readonly end?: string | number;
  readonly duration?: number;
  readonly detail?: unknown;
}

/** `performance` on the guest's clock: durations are those between answers, and computing takes no time. */
export class Performance extends EventTarget {
  #entries: PerformanceEntry[] = [];

  constructor(key?: unknown) {
    if (key !== maker) throw new TypeError("A Performance cannot be made: there is the global performance");
    super();
  }

  now(): number {
    void this.#entries;
    return elapsed();
  }

  get timeOrigin(): number {
    void this.#entries;
    return timeOrigin();
  }

  mark(name: unknown, options?: MarkOptions): PerformanceMark {
    assertArguments(arguments.length, 1, "performance.mark");
    return this.#add(new PerformanceMark(name, options));
  }

  /**
   * @throws {DOMException} `SyntaxError` if a mark does not exist
   * @throws {TypeError} if the start or the end is given twice, or not at all
   */
  measure(name: unknown, start?: string | MeasureOptions, end?: string): PerformanceMeasure {
    assertArguments(arguments.length, 1, "performance.measure");
    const options = measureOptions(start, end);
    const { startTime, endTime } = this.#span(options);
    const detail: unknown = structuredClone(options.detail ?? null);
    const entry = {
      name: domString(name),
      entryType: "measure",
      startTime,
      duration: endTime - startTime,
      detail,
    } as const;
    return this.#add(new PerformanceMeasure(entry, maker));
  }

  getEntries(): PerformanceEntry[] {
    return this.#entries.toSorted((a, b) => a.startTime - b.startTime);
  }

  getEntriesByType(type: string): PerformanceEntry[] {
    return this.getEntries().filter((entry) => entry.entryType === type);
  }

  getEntriesByName(name: string, type?: string): PerformanceEntry[] {
    return this.getEntries().filter(
      (entry) => entry.name === name && (type === undefined || entry.entryType === type),
    );
  }

  clearMarks(name?: string): void {
    this.#clear("mark", name);
  }

  clearMeasures(name?: string): void {
    this.#clear("measure", name);
  }

  toJSON(): object {
    void this.#entries;
    return { timeOrigin: timeOrigin() };
  }

  override get [Symbol.toStringTag](): string {
    return "Performance";
  }

  #add<T extends PerformanceEntry>(entry: T): T {
    this.#entries.push(entry);
    queueEntry(entry);
    return entry;
  }

  #span({ start, end, duration }: MeasureOptions): { startTime: number; endTime: number } {
    const startTime = start === undefined ? undefined : this.#timeOf(start);
    const endTime = end === undefined ? undefined : this.#timeOf(end);
    if (duration === undefined) return { startTime: startTime ?? 0, endTime: endTime ?? elapsed() };
    if (startTime !== undefined) return { startTime, endTime: startTime + duration };
    const until = endTime ?? elapsed();
    return { startTime: until - duration, endTime: until };
  }

  #timeOf(markOrTime: string | number): number {
    if (typeof markOrTime === "number") {
      if (markOrTime >= 0) return markOrTime;
      throw new TypeError("The start and end of a measure are 0 or more");
    }
    const mark = this.#entries.findLast((entry) => entry.entryType === "mark" && entry.name === markOrTime);
    if (mark === undefined) throw new DOMException(`There is no mark "${markOrTime}"`, "SyntaxError");
    return mark.startTime;
  }

  #clear(type: string, name: string | undefined): void {
    this.#entries = this.#entries.filter(
      (entry) => entry.entryType !== type || (name !== undefined && entry.name !== name),
    );
  }
}

export const performance = new Performance(maker);
observeTimeline(() => performance.getEntries());

function measureOptions(start: unknown, end: string | undefined): MeasureOptions {
  const isGiven = typeof start === "object" && start !== null && hasMember(start);
  if (!isGiven) {
    const isMark = start !== undefined && start !== null && typeof start !== "object";
    return { ...(isMark && { start: domString(start) }), ...(end !== undefined && { end: domString(end) }) };
  }
  const options = start as MeasureOptions;
  const { start: from, end: to, duration } = options;
  if (end !== undefined) throw new TypeError("performance.measure takes options or an end, not both");
  if (from === undefined && to === undefined && duration !== undefined)
    throw new TypeError("A measure has a start or an end");
  if (from !== undefined && to !== undefined && duration !== undefined) {
    throw new TypeError("A measure has two of start, end and duration");
  }
  return options;
}

function hasMember({ start, end, duration, detail }: MeasureOptions): boolean {
  return [start, end, duration, detail].some((member) => member !== undefined);
}
