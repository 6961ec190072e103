/**
 * An idempotency key without the quotes that the draft of the `Idempotency-Key` header wants around it (a string of RFC
 * 8941), and most callers leave out: `"order-4711"` and `order-4711` are one key.
 */
export function bareIdempotencyKey(header: string): string {
  const quoted = /^"((?:[^"\\]|\\["\\])+)"$/.exec(header)?.[1];
  return quoted === undefined ? header : quoted.replaceAll(/\\(["\\])/g, "$1");
}
