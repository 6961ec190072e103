/** What JSON can carry. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Text that was checked to be one JSON value (RFC 8259). It is passed on as it came, and parsed where its value is used. */
export type JsonText = string & { readonly [checked]: true };

declare const checked: unique symbol;

export function toJsonText(value: JsonValue): JsonText {
  return JSON.stringify(value) as JsonText;
}
