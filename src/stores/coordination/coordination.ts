/**
 * What the processes of an installation do together: each periodic task runs in one of them, and what one changes the others
 * learn at once.
 */
export interface Coordination extends AsyncDisposable {
  /**
   * Calls `start` once this process holds the lease, and disposes of what it started when the lease is lost. Another process
   * that wants the same lease takes over within seconds after its holder has exited, however that happened.
   *
   * A holder notices a lost connection up to `lostAfterMs` later than the database does, so two processes may hold a lease
   * for a moment: the task must be safe to run twice.
   *
   * @returns a request for the lease. To dispose of it ends the task and releases the lease
   */
  lease(name: string, start: StartTask): AsyncDisposable;
  /**
   * Tells the subscribers of a topic in all processes that something changed: those of this process before it returns. A
   * notice is lost if the process exits at this moment, so subscribers must also look for changes periodically.
   *
   * @param key what changed. Topic and key have less than 8,000 bytes together
   */
  publish(topic: Topic, key: string): void;
  subscribe(topic: Topic, listener: NoticeListener): Disposable;
}

export type StartTask = () => AsyncDisposable;

/** @param key `undefined` if notices may have been missed: anything may have changed */
export type NoticeListener = (key: string | undefined) => void;

/** Names are sent between processes of different releases, and are frozen. */
export type Topic =
  /** Console lines were stored: the IDs of the executions, separated by spaces, or nothing if there are many. */
  | "log-lines"
  /** Ends of executions were stored. */
  | "execution-ends"
  /** Rules of alerts, or alerts to deliver, have changed. */
  | "alerts"
  /** An API key was created, revoked or replaced. */
  | "api-keys"
  /** A secret was set or removed. */
  | "secrets"
  /** Settings of a workflow were changed. */
  | "workflow-settings"
  /** An executor reports what it does, as JSON. */
  | "executors"
  /** A queue was used. */
  | "queues"
  /** Requests that count towards the limit of an address. */
  | "requests-by-address";

/** How long a process continues on a connection that no longer answers. */
export const lostAfterMs = 5_000;
