import type { z } from "zod";
import type { JsonValue } from "../../base/json.ts";

/**
 * A resource as the layers below the API know it: the output of its schema, read-only. Only times differ between the two
 * sides: a `timestamp` is a number here, and text in JSON.
 */
export type View<Schema extends z.ZodType> = Immutable<z.output<Schema>>;

/** Any JSON, and text, which includes IDs, are read-only already. */
type Immutable<T> = [JsonValue] extends [T]
  ? T
  : T extends string
    ? T
    : { readonly [Key in keyof T]: Immutable<T[Key]> };

/**
 * Encodes a resource for a response. Members that its schema does not name are left out, so that a new member of a service
 * is not published by accident. Nothing is validated: a stored value outside of today's limits can still be read.
 */
export function toWire<Schema extends z.ZodType>(schema: Schema, value: View<Schema>): z.input<Schema> {
  return encode(schema, value) as z.input<Schema>;
}

function encode(schema: z.core.$ZodType, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object":
      return encodeMembers(def.shape, value as Readonly<Record<string, unknown>>);
    case "array":
      return (value as readonly unknown[]).map((item) => encode(def.element, item));
    case "optional":
    case "nullable":
    case "readonly":
      return encode(def.innerType, value);
    case "lazy":
      return encode(def.getter(), value);
    case "pipe":
      // A codec. Other pipes transform requests only.
      return def.reverseTransform === undefined ? value : def.reverseTransform(value, { value, issues: [] });
    default:
      return value;
  }
}

function encodeMembers(shape: z.core.$ZodShape, value: Readonly<Record<string, unknown>>): object {
  const members = Object.entries(shape).map(([name, schema]) => [name, encode(schema, value[name])] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}
