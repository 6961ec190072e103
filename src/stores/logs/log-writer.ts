/**
 * Writes console lines to the database.
 *
 * An execution does not wait for each line to be stored: lines go into a queue, from which they are stored in batches, and
 * failed batches again. If the queue is full, further lines are lost, the numbers of the lines show a gap, and the log reports
 * it to the operator.
 *
 * A line is lost with the process only while it is queued. A running execution is then replayed and writes the line
 * again; an execution that is about to end waits until its lines are stored, for a limited time.
 *
 * The end of an execution is queued with the lines. No execution waits for it. If the process exits before it is stored, the
 * sweep over Restate (`services/monitoring/end-sweep.ts`) finds it.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Digest } from "../../base/digest.ts";
import type { LogFields, Logger } from "../../base/logger.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import type { LogLine } from "../../domain/log-line.ts";
import {
  logBatchDelayMs,
  logCloseTimeoutMs,
  logFlushTimeoutMs,
  maxLogBatchBytes,
  maxLogBatchLines,
  maxQueuedLogBytes,
  maxQueuedLogLines,
  maxRememberedLogs,
} from "../limits.ts";
import type { ExecutionEnd } from "./execution-ends.ts";
import { isLine } from "./log-messages.ts";
import type { StoredRow } from "./log-messages.ts";
import type { LogSink } from "./log-sink.ts";

export interface LogWriterOptions {
  readonly sink: LogSink;
  readonly logger: Logger;
  /** Defaults to `logFlushTimeoutMs`. */
  readonly flushTimeoutMs?: number;
  /** Defaults to `maxQueuedLogLines`. */
  readonly maxQueuedLines?: number;
  /** Called after ends of executions were stored. */
  readonly onEndsStored?: () => void;
  /** Called after lines of these executions were stored. */
  readonly onLinesStored?: (executionIds: ReadonlySet<ExecutionId>) => void;
}

/** Delay before a batch that the database rejected is retried. */
const retryDelayMs = 250;

/** An unavailable database fails each batch. The log is limited to one line per interval. */
const reportIntervalMs = 60_000;

/** What was queued for an execution, so that lines of its replays are recognised. */
interface Taken {
  /** All lines below this number were queued. */
  readonly next: number;
  /** The position of its last line among all queued rows. */
  readonly place: number;
}

interface Waiter {
  readonly place: number;
  readonly resolve: () => void;
}

export class LogWriter implements AsyncDisposable {
  readonly #options: Required<LogWriterOptions>;
  readonly #queue: StoredRow[] = [];
  readonly #taken = new Map<ExecutionId, Taken>();
  readonly #waiting = new Set<Waiter>();
  #queuedBytes = 0;
  /** The number of rows that were ever queued. The queue has those that are not stored yet. */
  #takenRows = 0;
  #storedRows = 0;
  #lostLines = 0;
  #reportedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #isStoring = false;
  #isClosed = false;

  /** Rejects if the database cannot be opened. */
  static async start(options: LogWriterOptions): Promise<LogWriter> {
    // Starting a thread takes longer than an execution waits for its lines.
    await options.sink.append([]);
    return new LogWriter(options);
  }

  private constructor(options: LogWriterOptions) {
    this.#options = {
      flushTimeoutMs: logFlushTimeoutMs,
      maxQueuedLines: maxQueuedLogLines,
      onEndsStored: () => {},
      onLinesStored: () => {},
      ...options,
    };
  }

  /**
   * The log of one attempt of an execution. `flush` resolves after `flushTimeoutMs` at the latest.
   *
   * @param sourceMapDigest the source map of its version, for positions in the bundle
   */
  open(
    executionId: ExecutionId,
    sourceMapDigest?: Digest,
  ): { add(line: LogLine): void; flush(): Promise<void> } {
    return {
      add: (line) => this.#add({ executionId, sourceMapDigest }, line),
      flush: async () => this.#stored(this.#taken.get(executionId)?.place ?? 0, this.#options.flushTimeoutMs),
    };
  }

  /** Queues the end of an execution. It is dropped if the queue is full. */
  ended(end: ExecutionEnd): void {
    if (!this.#isClosed) this.#enqueue(end);
  }

  /** Removes all lines and the ends of these executions. Rejects if the database fails. */
  async remove(executionIds: readonly ExecutionId[]): Promise<void> {
    await this.#options.sink.remove(executionIds);
    // An execution with the same idempotency key may start later and gets the same ID.
    for (const id of executionIds) this.#taken.delete(id);
  }

  /** Removes the ends of at most `limit` executions that ended before this time. */
  async removeEnds(before: number, limit: number): Promise<void> {
    await this.#options.sink.removeEnds(before, limit);
  }

  /** Stores the queued rows within `logCloseTimeoutMs`. Later lines are dropped. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stored(this.#takenRows, logCloseTimeoutMs);
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #add(
    { executionId, sourceMapDigest }: { executionId: ExecutionId; sourceMapDigest: Digest | undefined },
    line: LogLine,
  ): void {
    const { next, place } = this.#taken.get(executionId) ?? { next: 0, place: 0 };
    if (this.#isClosed || line.number < next) return;
    const row = {
      executionId,
      ...line,
      // The guest's clock has the nominal end of a wait, which may precede the time at which the journal says that the
      // wait started.
      at: Math.max(line.at, Date.now()),
      line: JSON.stringify(line.line),
      ...(sourceMapDigest === undefined ? {} : { sourceMapDigest }),
    };
    const isTaken = this.#enqueue(row);
    if (!isTaken) this.#lostLines += 1;
    // A lost line remains expected, because a replay may write it again.
    this.#remember(executionId, {
      next: isTaken && line.number === next ? next + 1 : next,
      place: isTaken ? this.#takenRows : place,
    });
  }

  #enqueue(row: StoredRow): boolean {
    const hasCapacity = this.#queue.length < this.#options.maxQueuedLines;
    if (!hasCapacity || this.#queuedBytes + bytesIn(row) > maxQueuedLogBytes) return false;
    this.#queue.push(row);
    this.#queuedBytes += bytesIn(row);
    this.#takenRows += 1;
    if (!this.#isStoring) this.#storeSoon();
    return true;
  }

  #remember(executionId: ExecutionId, taken: Taken): void {
    this.#taken.delete(executionId);
    this.#taken.set(executionId, taken);
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > maxRememberedLogs && oldest !== undefined) this.#taken.delete(oldest);
  }

  /** Resolves when this number of rows is stored, or the time has passed. */
  async #stored(place: number, timeoutMs: number): Promise<void> {
    if (this.#storedRows >= place) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { place, resolve };
    const timer = setTimeout(resolve, timeoutMs);
    this.#waiting.add(waiter);
    void this.#store();
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(waiter);
  }

  #storeSoon(): void {
    this.#timer ??= setTimeout(() => void this.#store(), logBatchDelayMs);
  }

  /**
   * Stores a batch, and further ones while an execution waits for its lines or a whole batch is queued. Other rows wait
   * for `logBatchDelayMs`, so that those of many executions share a batch.
   */
  async #store(): Promise<void> {
    if (this.#isStoring) return;
    this.#isStoring = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    do await this.#storeBatch();
    while (this.#isUrgent());
    this.#isStoring = false;
    if (this.#queue.length > 0 && !this.#isClosed) this.#storeSoon();
  }

  #isUrgent(): boolean {
    const { length } = this.#queue;
    return length > 0 && !this.#isClosed && (this.#waiting.size > 0 || length >= maxLogBatchLines);
  }

  async #storeBatch(): Promise<void> {
    const batch = takeBatch(this.#queue);
    try {
      await this.#options.sink.append(batch);
    } catch (error) {
      this.#report("cannot store console lines, and will try again", { error });
      await delay(retryDelayMs, undefined, { ref: false });
      return;
    }
    this.#queue.splice(0, batch.length);
    this.#queuedBytes -= bytesOf(batch);
    this.#storedRows += batch.length;
    for (const { place, resolve } of this.#waiting) if (place <= this.#storedRows) resolve();
    this.#notify(batch);
    if (this.#lostLines > 0) this.#report("console lines come faster than the database takes them");
  }

  #notify(batch: readonly StoredRow[]): void {
    const lines = batch.filter(isLine);
    if (lines.length < batch.length) this.#options.onEndsStored();
    if (lines.length > 0) this.#options.onLinesStored(new Set(lines.map(({ executionId }) => executionId)));
  }

  #report(problem: string, fields: LogFields = {}): void {
    if (Date.now() - this.#reportedAt < reportIntervalMs) return;
    this.#reportedAt = Date.now();
    const lost = this.#lostLines === 0 ? "" : ` (${this.#lostLines} lines were lost so far)`;
    this.#options.logger.error(`${problem}${lost}`, { lostLines: this.#lostLines, ...fields });
  }
}

function takeBatch(queue: readonly StoredRow[]): readonly StoredRow[] {
  let bytes = 0;
  const most = queue.slice(0, maxLogBatchLines);
  const end = most.findIndex((row) => (bytes += bytesIn(row)) > maxLogBatchBytes);
  return end <= 0 ? most : most.slice(0, end);
}

function bytesOf(rows: readonly StoredRow[]): number {
  return rows.reduce((sum, row) => sum + bytesIn(row), 0);
}

function bytesIn(row: StoredRow): number {
  return isLine(row) ? row.line.length : 0;
}
