/** A value that JSON can represent. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A text that has been validated as one JSON value (RFC 8259). It is passed on unparsed until its value is needed. */
export type JsonText = string & { readonly [checked]: true };

declare const checked: unique symbol;

export function toJsonText(value: JsonValue): JsonText {
  return JSON.stringify(value) as JsonText;
}
