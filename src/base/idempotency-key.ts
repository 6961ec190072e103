/**
 * Removes the quotes from an idempotency key. The draft of the `Idempotency-Key` header requires them (a string of RFC 8941),
 * but most callers omit them, so `"order-4711"` and `order-4711` are the same key.
 */
export function bareIdempotencyKey(header: string): string {
  const quoted = /^"((?:[^"\\]|\\["\\])+)"$/.exec(header)?.[1];
  return quoted === undefined ? header : quoted.replaceAll(/\\(["\\])/g, "$1");
}
