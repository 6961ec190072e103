/**
 * Leases and notices by one connection to PostgreSQL for each process: a lease is an advisory lock, and a notice is a
 * notification.
 *
 * 1. A lease is lost with its connection. The task ends, and this process asks for the lease again.
 * 2. A new connection may have missed notices: all subscribers are called without a key.
 * 3. The connection is checked every `beatMs`, and one that does not answer is replaced.
 * 4. Notices of this process are delivered to it directly, and not again when the database sends them back.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { createWaker } from "../../base/concurrency/waker.ts";
import type { Logger } from "../../base/logger.ts";
import type { Coordination, NoticeListener, StartTask, Topic } from "./coordination.ts";
import { Leases } from "./leases.ts";
import { openSession } from "./postgres-session.ts";
import type { Connect, Session } from "./postgres-session.ts";
import { createSubscribers } from "./subscribers.ts";

export interface PostgresCoordinationOptions {
  readonly connect: Connect;
  readonly logger: Pick<Logger, "info" | "error">;
}

/** How often a process asks for the leases that it wants. */
const beatMs = 1_000;

/** The time before a lost connection is replaced. */
const reconnectMs = 300;

/** Notices that wait for a connection. Subscribers of a process that cannot send them look for changes themselves. */
const maxUnsentNotices = 10_000;

/** PostgreSQL's limit is 8,000 bytes. */
const maxNoticeBytes = 7_999;

export class PostgresCoordination implements Coordination {
  readonly #options: PostgresCoordinationOptions;
  readonly #stopping = new AbortController();
  readonly #waker = createWaker();
  readonly #subscribers = createSubscribers();
  readonly #unsent = new Set<string>();
  readonly #processId = randomUUID();
  readonly #leases: Leases;
  readonly #keeping: Promise<void>;

  constructor(options: PostgresCoordinationOptions) {
    this.#options = options;
    this.#leases = new Leases({ logger: options.logger, onChanged: () => this.#waker.wake() });
    this.#keeping = this.#keepSession();
  }

  lease(name: string, start: StartTask): AsyncDisposable {
    return this.#leases.request(name, start);
  }

  publish(topic: Topic, key: string): void {
    const notice = `${this.#processId} ${topic} ${key}`;
    if (Buffer.byteLength(notice) > maxNoticeBytes) throw new Error(`A notice of "${topic}" is too long`);
    this.#subscribers.notify(topic, key);
    if (this.#unsent.size < maxUnsentNotices) this.#unsent.add(notice);
    this.#waker.wake();
  }

  subscribe(topic: Topic, listener: NoticeListener): Disposable {
    return this.#subscribers.add(topic, listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#keeping;
    await this.#leases[Symbol.asyncDispose]();
  }

  async #keepSession(): Promise<void> {
    const { connect, logger } = this.#options;
    const { signal } = this.#stopping;
    let logged: string | undefined;
    while (!signal.aborted) {
      try {
        await using session = await openSession(connect, (notice) => this.#receive(notice), signal);
        this.#subscribers.notifyAll();
        logged = undefined;
        await this.#serve(session);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (message !== logged && !signal.aborted) logger.error("cannot hold leases", { error });
        logged = message;
        await delay(reconnectMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #serve(session: Session): Promise<void> {
    try {
      while (!session.lost.aborted) {
        await this.#sendNotices(session);
        await this.#leases.update(session);
        await this.#waker.sleep(beatMs, session.lost);
      }
      session.lost.throwIfAborted();
    } finally {
      this.#leases.lost();
    }
  }

  async #sendNotices(session: Session): Promise<void> {
    if (this.#unsent.size === 0) return;
    const notices = [...this.#unsent];
    await session.notify(notices);
    for (const notice of notices) this.#unsent.delete(notice);
  }

  #receive(notice: string): void {
    const [sender, topic = "", ...key] = notice.split(" ");
    if (sender !== this.#processId) this.#subscribers.notify(topic, key.join(" "));
  }
}
