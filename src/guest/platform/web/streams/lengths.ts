/**
 * The `length` of platform functions whose implementations here have more parameters: optional ones, or ones that
 * only the runtime passes. By Web IDL, `length` is the number of required arguments, and packages read it to
 * distinguish functions.
 */
const lengths: Readonly<Record<string, number>> = {
  AbortSignal: 0,
  "AbortSignal.abort": 0,
  "AbortController#abort": 0,
  CloseEvent: 1,
  CustomEvent: 1,
  ErrorEvent: 1,
  Event: 1,
  "EventTarget#addEventListener": 2,
  "EventTarget#removeEventListener": 2,
  Headers: 0,
  MessageEvent: 1,
  Performance: 0,
  "Performance#clearMarks": 0,
  "Performance#clearMeasures": 0,
  "Performance#getEntriesByName": 1,
  "Performance#mark": 1,
  "Performance#measure": 1,
  PerformanceEntry: 0,
  PerformanceObserverEntryList: 0,
  QuotaExceededError: 0,
  PerformanceMeasure: 0,
  Response: 0,
  "Response.json": 1,
  TextDecoderStream: 0,
  "ReadableStream#pipeTo": 1,
  "Uint8Array#toBase64": 0,
  fetch: 1,
};

export function setLengths(): void {
  for (const [path, length] of Object.entries(lengths)) {
    Object.defineProperty(functionAt(path), "length", { value: length, configurable: true });
  }
}

function functionAt(path: string): object {
  const [name = "", member] = path.split(/[.#]/);
  const made = Reflect.get(globalThis, name) as { readonly prototype: object };
  if (member === undefined) return made;
  return Reflect.get(path.includes("#") ? made.prototype : made, member) as object;
}
