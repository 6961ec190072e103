import { now } from "./clock.ts";

/**
 * `Date` on the guest's clock. It is the native one but for what asks for the present: `Date()`, `new Date()`
 * and `Date.now()`. Prototype, statics, `length` and subclassing are the native ones, seen through the proxy.
 */
export function guestDate(NativeDate: DateConstructor): DateConstructor {
  const presentAsText = (): string => new NativeDate(now()).toString();
  const guest = new Proxy(NativeDate, {
    apply: presentAsText,
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
  });
  // The native functions are reachable only through these two.
  replaceMethod(NativeDate, "now", () => Math.trunc(now()));
  replaceMethod(NativeDate.prototype, "constructor", guest);
  return guest;
}

/** `File` whose `lastModified` is on the guest's clock where it is not given. */
export function guestFile(NativeFile: typeof File): typeof File {
  const guest = new Proxy(NativeFile, {
    construct: (target, args, newTarget) => {
      const [, , options] = args as readonly unknown[];
      if (
        options !== undefined &&
        options !== null &&
        typeof options !== "object" &&
        typeof options !== "function"
      ) {
        throw new TypeError("The options of a File are an object");
      }
      const dated = args.length < 2 ? args : [args[0], args[1], { lastModified: now(), ...args[2] }];
      return Reflect.construct(target, dated, newTarget) as object;
    },
  });
  replaceMethod(NativeFile.prototype, "constructor", guest);
  return guest;
}

function replaceMethod(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: true, enumerable: false, configurable: true });
}
