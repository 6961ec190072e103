/**
 * `node:diagnostics_channel` (https://nodejs.org/api/diagnostics_channel.html). All modules of a bundle share the
 * channels.
 */
type Subscriber = (message: unknown, name: string | symbol) => void;
type Fn = (...args: unknown[]) => unknown;
type Transform = (message: unknown) => unknown;

/** The argument of `bindStore`: an `AsyncLocalStorage`. */
interface Store {
  run(value: unknown, fn: () => unknown): unknown;
}

const channels = new Map<string | symbol, Channel>();

export class Channel {
  readonly name: string | symbol;
  #subscribers: readonly Subscriber[] = [];
  readonly #stores = new Map<Store, Transform>();

  constructor(name: string | symbol) {
    this.name = name;
  }
  get hasSubscribers(): boolean {
    return this.#subscribers.length > 0 || this.#stores.size > 0;
  }
  subscribe(subscriber: Subscriber): void {
    if (typeof subscriber !== "function")
      throw Object.assign(new TypeError('The "subscription" argument must be of type function.'), {
        code: "ERR_INVALID_ARG_TYPE",
      });
    this.#subscribers = [...this.#subscribers, subscriber];
  }
  unsubscribe(subscriber: Subscriber): boolean {
    const index = this.#subscribers.indexOf(subscriber);
    if (index === -1) return false;
    this.#subscribers = this.#subscribers.toSpliced(index, 1);
    return true;
  }
  /** An error that a subscriber throws does not reach the publisher: it is reported as uncaught. */
  publish(message: unknown): void {
    for (const subscriber of this.#subscribers) {
      try {
        subscriber(message, this.name);
      } catch (error) {
        void Promise.reject(error);
      }
    }
  }
  bindStore(store: Store, transform: Transform = (message) => message): void {
    this.#stores.set(store, transform);
  }
  unbindStore(store: Store): boolean {
    return this.#stores.delete(store);
  }
  /** Calls the function with the message published, and with what the bound stores make of it as their value. */
  runStores(message: unknown, fn: Fn, thisArg?: unknown, ...args: unknown[]): unknown {
    let run = () => {
      this.publish(message);
      return Reflect.apply(fn, thisArg, args);
    };
    for (const [store, transform] of this.#stores) {
      const inner = run;
      run = () => store.run(transform(message), inner);
    }
    return run();
  }
}

const events = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;
type Channels = Readonly<Record<(typeof events)[number], Channel>>;
type Handlers = Partial<Readonly<Record<(typeof events)[number], Subscriber>>>;
/** The context object of handlers: the caller's, with the result or the error of the call. */
type Context = Record<string, unknown>;

export class TracingChannel {
  readonly start: Channel;
  readonly end: Channel;
  readonly asyncStart: Channel;
  readonly asyncEnd: Channel;
  readonly error: Channel;

  constructor(given: string | Channels) {
    const of = (event: (typeof events)[number]) =>
      typeof given === "string" ? channel(`tracing:${given}:${event}`) : given[event];
    this.start = of("start");
    this.end = of("end");
    this.asyncStart = of("asyncStart");
    this.asyncEnd = of("asyncEnd");
    this.error = of("error");
  }
  get hasSubscribers(): boolean {
    return events.some((event) => this[event].hasSubscribers);
  }
  subscribe(handlers: Handlers): void {
    for (const event of events) if (handlers[event] !== undefined) this[event].subscribe(handlers[event]);
  }
  unsubscribe(handlers: Handlers): boolean {
    const done = events.map(
      (event) => handlers[event] === undefined || this[event].unsubscribe(handlers[event]),
    );
    return done.every(Boolean);
  }
  traceSync(fn: Fn, context: Context = {}, thisArg?: unknown, ...args: unknown[]): unknown {
    return this.#traced(context, () => {
      context["result"] = Reflect.apply(fn, thisArg, args);
      return context["result"];
    });
  }
  tracePromise(fn: Fn, context: Context = {}, thisArg?: unknown, ...args: unknown[]): unknown {
    if (!this.hasSubscribers) return Reflect.apply(fn, thisArg, args);
    return this.#traced(context, () => {
      const promise = Promise.resolve(Reflect.apply(fn, thisArg, args));
      return promise.then(
        (result) => {
          this.#ended(context, { result });
          return result;
        },
        (error: unknown) => {
          this.#ended(context, { error });
          throw error;
        },
      );
    });
  }
  traceCallback(
    fn: Fn,
    position = -1,
    context: Context = {},
    thisArg?: unknown,
    ...args: unknown[]
  ): unknown {
    const callback = args.at(position);
    if (!this.hasSubscribers || typeof callback !== "function") return Reflect.apply(fn, thisArg, args);
    const { asyncEnd, asyncStart } = this;
    const fail = (error: unknown) => this.#failed(context, error);
    function traced(this: unknown, ...results: unknown[]): unknown {
      const [error, result] = results;
      if (error === undefined || error === null) context["result"] = result;
      else fail(error);
      return asyncStart.runStores(context, () => {
        try {
          return Reflect.apply(callback as Fn, this, results);
        } finally {
          asyncEnd.publish(context);
        }
      });
    }
    return this.#traced(context, () => Reflect.apply(fn, thisArg, args.with(position, traced)));
  }
  #traced(context: Context, call: () => unknown): unknown {
    if (!this.hasSubscribers) return call();
    return this.start.runStores(context, () => {
      try {
        return call();
      } catch (error) {
        this.#failed(context, error);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }
  #failed(context: Context, error: unknown): void {
    context["error"] = error;
    this.error.publish(context);
  }
  #ended(context: Context, outcome: { readonly result: unknown } | { readonly error: unknown }): void {
    if ("error" in outcome) this.#failed(context, outcome.error);
    else context["result"] = outcome.result;
    this.asyncStart.publish(context);
    this.asyncEnd.publish(context);
  }
}

export function channel(name: string | symbol): Channel {
  const known = channels.get(name) ?? new Channel(name);
  channels.set(name, known);
  return known;
}

export function hasSubscribers(name: string | symbol): boolean {
  return channels.get(name)?.hasSubscribers ?? false;
}

export function subscribe(name: string | symbol, subscriber: Subscriber): void {
  channel(name).subscribe(subscriber);
}

export function unsubscribe(name: string | symbol, subscriber: Subscriber): boolean {
  return channel(name).unsubscribe(subscriber);
}

export function tracingChannel(given: string | Channels): TracingChannel {
  return new TracingChannel(given);
}

export default { Channel, channel, hasSubscribers, subscribe, tracingChannel, unsubscribe };
