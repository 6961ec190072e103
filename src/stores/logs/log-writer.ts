/**
 * The way of console lines into the database.
 *
 * Executions never wait for it: a line goes into a queue, a thread of its own stores what is there in
 * batches, and what it could not store it tries again. Where that takes so long that the queue is full,
 * further lines are lost, a gap shows in their numbers, and the operator is told.
 *
 * A line is lost with the process only while it is in the queue. An execution under way is replayed then,
 * and says it again; one that is about to end waits until its lines are stored, for a bounded time.
 *
 * What an execution used goes the same way, with the lines of others. Nobody waits for it, and it is lost with a process
 * that ends in the meantime.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { LogFields, Logger } from "../../base/logger.ts";
import type { Digest, ExecutionId } from "../../domain/ids.ts";
import {
  logBatchDelayMs,
  logFlushTimeoutMs,
  maxLogBatchBytes,
  maxLogBatchLines,
  maxQueuedLogBytes,
  maxQueuedLogLines,
  maxRememberedLogs,
} from "../../domain/limits.ts";
import type { LogLine } from "../../domain/log-line.ts";
import { isLine } from "./log-messages.ts";
import type { LineMapping, StoredRow } from "./log-messages.ts";
import { LogThread } from "./log-thread.ts";
import type { UsageRow } from "./usages.ts";

export interface LogWriterOptions {
  readonly databasePath: string;
  /** Lines are stored as they are unless given. */
  readonly mapping?: LineMapping;
  readonly logger: Logger;
  /** `logFlushTimeoutMs` unless given. */
  readonly flushTimeoutMs?: number;
  /** `maxQueuedLogLines` unless given. */
  readonly maxQueuedLines?: number;
}

/** Between two attempts to store a batch that the database refused. */
const retryDelayMs = 250;

/** A database that is down says so with every batch; the operator need not hear it each time. */
const reportIntervalMs = 60_000;

/** What was taken of an execution, so that its replays are known as such. */
interface Taken {
  /** All lines below this number. */
  readonly next: number;
  /** The place of its last line among all rows that were taken. */
  readonly place: number;
}

interface Waiter {
  readonly place: number;
  readonly resolve: () => void;
}

export class LogWriter implements AsyncDisposable {
  readonly #options: Required<Omit<LogWriterOptions, "mapping">>;
  readonly #thread: LogThread;
  readonly #queue: StoredRow[] = [];
  readonly #taken = new Map<ExecutionId, Taken>();
  readonly #waiting = new Set<Waiter>();
  #queuedBytes = 0;
  /** Rows that were taken, and those of them that are stored: what is between is the queue. */
  #takenRows = 0;
  #storedRows = 0;
  #lostLines = 0;
  #reportedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #isStoring = false;
  #isClosed = false;

  /** Rejects where the database cannot be opened. */
  static async start(options: LogWriterOptions): Promise<LogWriter> {
    const writer = new LogWriter(options);
    // Starting a thread takes longer than an execution waits for its lines.
    await writer.#thread.do({ append: [] });
    return writer;
  }

  private constructor({ mapping, ...options }: LogWriterOptions) {
    this.#options = { flushTimeoutMs: logFlushTimeoutMs, maxQueuedLines: maxQueuedLogLines, ...options };
    const { databasePath } = options;
    this.#thread = new LogThread({ databasePath, ...(mapping === undefined ? {} : { mapping }) });
  }

  /**
   * The log of one attempt of an execution. `flush` resolves after `flushTimeoutMs` at the latest.
   *
   * @param sourceMapDigest of its version, for positions in the bundle that its lines name
   */
  open(
    executionId: ExecutionId,
    sourceMapDigest?: Digest,
  ): { add(line: LogLine): void; flush(): Promise<void> } {
    return {
      add: (line) => this.#add({ executionId, sourceMapDigest }, line),
      flush: async () => this.#stored(this.#taken.get(executionId)?.place ?? 0),
    };
  }

  /** Takes what an execution used that ends now. Where there is no room for it, nobody will know. */
  used(usage: UsageRow): void {
    if (!this.#isClosed) this.#enqueue(usage);
  }

  /** Removes all lines of these executions, and what they used. Rejects where the database does not do it. */
  async remove(executionIds: readonly ExecutionId[]): Promise<void> {
    await this.#thread.do({ remove: executionIds });
    // With its idempotency key another one may begin under the same id.
    for (const id of executionIds) this.#taken.delete(id);
  }

  /** Removes what executions used that ended before; `limit` of them at most. */
  async removeUsages(before: number, limit: number): Promise<void> {
    await this.#thread.do({ removeUsages: { before, limit } });
  }

  /** Stores what is there, within `flushTimeoutMs`. What is said after it is not kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stored(this.#takenRows);
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#thread[Symbol.asyncDispose]();
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
      // The guest's clock stands at the nominal end of what it waited for, which may be before the journal says that it began.
      at: Math.max(line.at, Date.now()),
      line: JSON.stringify(line.line),
      ...(sourceMapDigest === undefined ? {} : { sourceMapDigest }),
    };
    const isTaken = this.#enqueue(row);
    if (!isTaken) this.#lostLines += 1;
    // A line that was lost stays open: a replay may bring it again.
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
    this.#timer ??= setTimeout(() => void this.#store(), logBatchDelayMs);
    return true;
  }

  #remember(executionId: ExecutionId, taken: Taken): void {
    this.#taken.delete(executionId);
    this.#taken.set(executionId, taken);
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > maxRememberedLogs && oldest !== undefined) this.#taken.delete(oldest);
  }

  /** Resolves when so many rows are stored, or `flushTimeoutMs` have passed. */
  async #stored(place: number): Promise<void> {
    if (this.#storedRows >= place) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { place, resolve };
    const timer = setTimeout(resolve, this.#options.flushTimeoutMs);
    this.#waiting.add(waiter);
    void this.#store();
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(waiter);
  }

  /** Stores batch after batch until the queue is empty. */
  async #store(): Promise<void> {
    if (this.#isStoring) return;
    this.#isStoring = true;
    while (this.#queue.length > 0 && !this.#isClosed) await this.#storeBatch();
    this.#isStoring = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #storeBatch(): Promise<void> {
    const batch = takeBatch(this.#queue);
    try {
      await this.#thread.do({ append: batch });
    } catch (error) {
      this.#report("cannot store console lines, and will try again", { error });
      await delay(retryDelayMs, undefined, { ref: false });
      return;
    }
    this.#queue.splice(0, batch.length);
    this.#queuedBytes -= bytesOf(batch);
    this.#storedRows += batch.length;
    for (const { place, resolve } of this.#waiting) if (place <= this.#storedRows) resolve();
    if (this.#lostLines > 0) this.#report("console lines come faster than the database takes them");
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
