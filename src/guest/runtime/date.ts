import { now } from "../core/clock.ts";
import { parseDateText } from "./date-text.ts";
import { domString } from "../core/interface.ts";

/**
 * `Date` on the guest's clock. Only the functions that return the current time are replaced: `Date()`, `new Date()`
 * and `Date.now()`. Prototype, statics, `length` and subclassing are the native ones, accessed through the proxy.
 */
export function guestDate(NativeDate: DateConstructor): DateConstructor {
  // oxlint-disable-next-line typescript/unbound-method -- applied to dates below
  const { getTime } = NativeDate.prototype;
  const presentAsText = (): string => new NativeDate(now()).toString();
  const guest = new Proxy(NativeDate, {
    apply: presentAsText,
    construct: (target, args: readonly unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : withParsedText(args), newTarget) as object,
  });
  const { parse } = {
    parse: (text: unknown): number =>
      Reflect.apply(getTime, new NativeDate(...(withParsedText([domString(text)]) as [string | number])), []),
  };
  replaceMethod(NativeDate, "parse", parse);
  // The native functions are reachable only through these two properties.
  replaceMethod(NativeDate, "now", { now: () => Math.trunc(now()) }.now);
  replaceMethod(NativeDate.prototype, "constructor", guest);
  for (const name of ["toString", "toTimeString"] as const) nameZone(NativeDate.prototype, name);
  return guest;
}

/** The engine parses texts that are not in ISO 8601 format differently from Node. */
function withParsedText(args: readonly unknown[]): readonly unknown[] {
  const [text] = args;
  return args.length !== 1 || typeof text !== "string" || commonForm.test(text)
    ? args
    : [parseDateText(text)];
}

const month = "(?:0[1-9]|1[0-2])";
const day = String.raw`(?:0[1-9]|1\d|2[0-8])`;
const monthName = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const weekday = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const time = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`;
/** Formats that both parse the same, with days that every month has. The engine's own parser is much faster. */
const commonForms = [
  String.raw`\d{4}-${month}-${day}(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?`,
  String.raw`\d{4}-${month}-${day} ${time}`,
  String.raw`${month}/${day}/\d{4}(?: ${time})?`,
  String.raw`${weekday}, ${day} ${monthName} \d{4} ${time} GMT`,
  String.raw`${weekday} ${monthName} ${day} \d{4} ${time} GMT\+0000(?: \(Coordinated Universal Time\))?`,
];
const commonForm = new RegExp(`^(?:${commonForms.join("|")})$`);

/** The engine only has the short name of its time zone. */
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

/** `File` whose default for `lastModified` is the guest's clock. */
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
