import { now } from "./clock.ts";
import { domString } from "./web/interface.ts";

/**
 * `Date` on the guest's clock. It is the native one but for what asks for the present: `Date()`, `new Date()`
 * and `Date.now()`. Prototype, statics, `length` and subclassing are the native ones, seen through the proxy.
 */
export function guestDate(NativeDate: DateConstructor): DateConstructor {
  const presentAsText = (): string => new NativeDate(now()).toString();
  const guest = new Proxy(NativeDate, {
    apply: presentAsText,
    construct: (target, args: readonly unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : withReadableText(args), newTarget) as object,
  });
  const { parse } = NativeDate;
  replaceMethod(
    NativeDate,
    "parse",
    { parse: (text: unknown) => parse(readableText(domString(text))) }.parse,
  );
  // The native functions are reachable only through these two.
  replaceMethod(NativeDate, "now", { now: () => Math.trunc(now()) }.now);
  replaceMethod(NativeDate.prototype, "constructor", guest);
  for (const name of ["toString", "toTimeString"] as const) nameZone(NativeDate.prototype, name);
  return guest;
}

function withReadableText(args: readonly unknown[]): readonly unknown[] {
  const [text] = args;
  return args.length === 1 && typeof text === "string" ? [readableText(text)] : args;
}

const zeroDayOrMonth = /^[+-]?\d{4,6}[-/](?:0?0(?:[-/T\s]|$)|\d{1,2}[-/]0?0(?:[T\s]|$))/;
const hourAbove24 = /^[+-]?\d{4,6}[-/]\d{1,2}[-/]\d{1,2}\s+(?:2[5-9]|[3-9]\d):/;
const lowerCaseForm = /^\d{4}-\d{2}-\d{2}t[\d:.]+z?$/;
const monthOfYear = /^(?:[A-Za-z]{3,9}\s+\d{4}|\d{4}\s+[A-Za-z]{3,9})$/;

/** Where the engine reads a text that is no date of ISO 8601 otherwise than Node: its day 0 is the day before the first. */
function readableText(text: string): string {
  if (zeroDayOrMonth.test(text) || hourAbove24.test(text)) return "";
  if (lowerCaseForm.test(text)) return text.toUpperCase();
  return monthOfYear.test(text) ? `1 ${text}` : text;
}

/** The engine knows the short name of its time zone alone. */
function nameZone(prototype: Date, name: "toString" | "toTimeString"): void {
  const native = prototype[name];
  const named = {
    [name](this: unknown): string {
      const text = Reflect.apply(native, this, []);
      return text.endsWith("(UTC)") ? `${text.slice(0, -"(UTC)".length)}(Coordinated Universal Time)` : text;
    },
  };
  replaceMethod(prototype, name, named[name]);
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
