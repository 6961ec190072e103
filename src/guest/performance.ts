import { elapsed, timeOrigin } from "./clock.ts";
import { EventTarget } from "./web/event-target.ts";

/** One `mark` or `measure`, of User Timing. Times in milliseconds since the execution began. */
export class PerformanceEntry {
  readonly name: string;
  readonly entryType: "mark" | "measure";
  readonly startTime: number;
  readonly duration: number;
  readonly detail: unknown;

  constructor(entry: Pick<PerformanceEntry, "name" | "entryType" | "startTime" | "duration" | "detail">) {
    this.name = entry.name;
    this.entryType = entry.entryType;
    this.startTime = entry.startTime;
    this.duration = entry.duration;
    this.detail = entry.detail ?? null;
  }

  toJSON(): object {
    const { name, entryType, startTime, duration, detail } = this;
    return { name, entryType, startTime, duration, detail };
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

/** `performance` on the guest's clock: durations are those between answers, computing takes no time. */
export class Performance extends EventTarget {
  #entries: PerformanceEntry[] = [];

  now(): number {
    return elapsed();
  }

  get timeOrigin(): number {
    return timeOrigin();
  }

  mark(name: unknown, { startTime = elapsed(), detail }: MarkOptions = {}): PerformanceEntry {
    return this.#add({ name: String(name), entryType: "mark", startTime, duration: 0, detail });
  }

  /** @throws {DOMException} `SyntaxError` where a mark is named that is not there */
  measure(name: unknown, start?: string | MeasureOptions, end?: string): PerformanceEntry {
    const options = typeof start === "object" ? start : { ...(start && { start }), ...(end && { end }) };
    const { startTime, endTime } = this.#span(options);
    const duration = endTime - startTime;
    return this.#add({
      name: String(name),
      entryType: "measure",
      startTime,
      duration,
      detail: options.detail,
    });
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
    return { timeOrigin: timeOrigin() };
  }

  override get [Symbol.toStringTag](): string {
    return "Performance";
  }

  #add(entry: ConstructorParameters<typeof PerformanceEntry>[0]): PerformanceEntry {
    const added = new PerformanceEntry(entry);
    this.#entries.push(added);
    return added;
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
    if (typeof markOrTime === "number") return markOrTime;
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
