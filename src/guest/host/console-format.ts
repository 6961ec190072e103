import { encodeJson } from "../core/encoding.ts";
import { printable } from "../core/printable.ts";

const maxInsertedLength = 4_096;

/**
 * Formats the arguments of a console line by section 2.2 of the Console standard: `%s`, `%d`, `%i`, `%f`, `%o`,
 * `%O`, `%c` and, as in Node, `%j` and `%%` in the first argument are replaced by the following ones. Never throws.
 */
export function formatted(args: readonly unknown[]): readonly unknown[] {
  const [template, ...rest] = args;
  if (typeof template !== "string" || rest.length === 0 || !template.includes("%")) return args;
  let taken = 0;
  const text = template.replaceAll(/%[sdifoOjc%]/g, (specifier) => {
    if (specifier === "%%") return "%";
    if (taken === rest.length) return specifier;
    taken += 1;
    return insertedAs(specifier, rest[taken - 1]);
  });
  return [text, ...rest.slice(taken)];
}

function insertedAs(specifier: string, value: unknown): string {
  if (specifier === "%c") return "";
  if (specifier === "%s" || typeof value === "bigint") return textOf(value);
  if (specifier === "%d") return String(isConvertible(value) ? Number(value) : Number.NaN);
  if (specifier === "%i")
    return String(isConvertible(value) ? Number.parseInt(String(value), 10) : Number.NaN);
  if (specifier === "%f") return String(isConvertible(value) ? Number.parseFloat(String(value)) : Number.NaN);
  return jsonOf(value);
}

function isConvertible(value: unknown): boolean {
  return typeof value !== "symbol" && (typeof value !== "object" || value === null);
}

function textOf(value: unknown): string {
  const shown = printable(value, maxInsertedLength);
  return typeof shown === "string" ? shown : jsonOf(value);
}

function jsonOf(value: unknown): string {
  return new TextDecoder().decode(encodeJson(printable(value, maxInsertedLength)));
}
