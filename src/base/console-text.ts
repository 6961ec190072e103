/**
 * Formats a console line as Node does: strings unquoted, errors with their stack and their other properties, and everything
 * else as JSON.
 *
 * @param values the arguments of the console call, with errors as `{name, message, stack, …}`
 */
export function consoleText(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === "string" ? value : valueText(value))).join(" ");
}

function valueText(value: unknown): string {
  if (!hasError(value)) return JSON.stringify(value) ?? "undefined";
  if (isError(value)) return errorText(value);
  const entries = Object.entries(value as object).map(([key, member]) =>
    Array.isArray(value) ? valueText(member) : `${JSON.stringify(key)}: ${valueText(member)}`,
  );
  return Array.isArray(value) ? `[${listText(entries)}]` : `{${listText(entries)}}`;
}

interface PrintedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

function errorText({ name: _name, message: _message, stack, ...others }: PrintedError): string {
  const entries = Object.entries(others).map(([key, value]) => {
    const label = isHidden(key) ? `[${key}]` : key;
    return `${label}: ${valueText(value)}`;
  });
  return entries.length === 0 ? stack : `${stack} {${listText(entries)}}`;
}

/** Node prints these properties of errors in brackets, because they are not enumerable. */
function isHidden(key: string): boolean {
  return key === "cause" || key === "errors";
}

function listText(entries: readonly string[]): string {
  return `\n${entries.map((entry) => `  ${entry.replaceAll("\n", "\n  ")}`).join(",\n")}\n`;
}

/** The recursion is bounded, because the guest's `printable` limits the depth of stored values. */
function hasError(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isError(value) || Object.values(value).some(hasError);
}

function isError(value: unknown): value is PrintedError {
  if (typeof value !== "object" || value === null) return false;
  const { name, message, stack } = value as Partial<Record<string, unknown>>;
  return [name, message, stack].every((member) => typeof member === "string") && stack !== "";
}
