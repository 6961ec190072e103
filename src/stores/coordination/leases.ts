import type { Logger } from "../../base/logger.ts";
import type { StartTask } from "./coordination.ts";
import type { Session } from "./postgres-session.ts";

export interface LeasesOptions {
  readonly logger: Pick<Logger, "info" | "error">;
  /** Called when an update is due. */
  readonly onChanged: () => void;
}

/** The leases that this process wants or holds, at most one of each name. */
export class Leases implements AsyncDisposable {
  readonly #options: LeasesOptions;
  readonly #requests = new Map<string, Request>();
  /** The requests that hold their leases. A withdrawn one holds its lease until the next update. */
  readonly #held = new Map<string, Request>();

  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  request(name: string, start: StartTask): AsyncDisposable {
    if (this.#requests.has(name)) throw new Error(`The lease "${name}" was already requested`);
    const request: Request = { name, start, task: undefined, ending: undefined, isWithdrawn: false };
    this.#requests.set(name, request);
    this.#options.onChanged();
    return {
      [Symbol.asyncDispose]: async () => {
        request.isWithdrawn = true;
        await this.#end(request);
        this.#requests.delete(name);
        this.#options.onChanged();
      },
    };
  }

  /** Releases the leases of withdrawn requests, asks for those that are wanted, and starts the tasks of those it got. */
  async update(session: Pick<Session, "lock" | "unlock">): Promise<void> {
    for (const { name } of [...this.#held.values()].filter(
      (each) => this.#requests.get(each.name) !== each,
    )) {
      await session.unlock(name);
      this.#held.delete(name);
    }
    const wanted = [...this.#requests.values()].filter(
      (each) => !this.#held.has(each.name) && isWanted(each),
    );
    for (const name of await session.lock(wanted.map((each) => each.name))) {
      const request = this.#requests.get(name);
      if (request === undefined) await session.unlock(name);
      else this.#grant(request);
    }
  }

  /** The session ended, and all leases with it. */
  lost(): void {
    this.#held.clear();
    for (const request of this.#requests.values()) request.ending = this.#end(request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#requests.values()].map(async (request) => await this.#end(request)));
  }

  #grant(request: Request): void {
    this.#held.set(request.name, request);
    if (!isWanted(request)) return;
    this.#options.logger.info(`took the lease "${request.name}"`, { lease: request.name });
    request.task = request.start();
  }

  async #end(request: Request): Promise<void> {
    const { name, task, ending } = request;
    request.task = undefined;
    try {
      await ending;
      await task?.[Symbol.asyncDispose]();
    } catch (error) {
      this.#options.logger.error(`cannot end the task of the lease "${name}"`, { error });
    }
    request.ending = undefined;
    this.#options.onChanged();
  }
}

interface Request {
  readonly name: string;
  readonly start: StartTask;
  /** Runs while this process holds the lease. */
  task: AsyncDisposable | undefined;
  /** Resolves when the task has ended whose lease was lost. */
  ending: Promise<void> | undefined;
  isWithdrawn: boolean;
}

/** A request may have been withdrawn while the database was asked. */
function isWanted({ ending, isWithdrawn }: Request): boolean {
  return ending === undefined && !isWithdrawn;
}
