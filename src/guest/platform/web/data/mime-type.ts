/** MIME types, parsed and serialized by the MIME Sniffing standard (sections 4.4 and 4.5). */
export interface MimeType {
  /** `text/html`, in lower case. */
  readonly essence: string;
  /** The keys are in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /^[!#$%&'*+\-.^_`|~\w]+$/;
const quotable = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

export function parseMimeType(text: string): MimeType | undefined {
  const [head = "", ...rest] = splitOutsideQuotes(text, ";");
  const essence = trimHttp(head).toLowerCase();
  const [type = "", subtype = "", ...more] = essence.split("/");
  if (more.length > 0 || !token.test(type) || !token.test(subtype)) return undefined;
  const parameters = new Map<string, string>();
  for (const parameter of rest) addParameter(parameters, parameter);
  return { essence, parameters };
}

export function serializeMimeType({ essence, parameters }: MimeType): string {
  let text = essence;
  for (const [name, value] of parameters) text += `;${name}=${token.test(value) ? value : quoted(value)}`;
  return text;
}

/**
 * The MIME type of a body by its `Content-Type` header, which may have several values (Fetch standard, "extract a
 * MIME type").
 */
export function extractMimeType(header: string | null): MimeType | undefined {
  let found: MimeType | undefined;
  for (const value of header === null ? [] : splitOutsideQuotes(header, ",")) {
    const type = parseMimeType(value);
    if (type === undefined || type.essence === "*/*") continue;
    const charset = found?.essence === type.essence ? found.parameters.get("charset") : undefined;
    const isInherited = charset !== undefined && !type.parameters.has("charset");
    found = isInherited ? { ...type, parameters: new Map([...type.parameters, ["charset", charset]]) } : type;
  }
  return found;
}

function addParameter(parameters: Map<string, string>, text: string): void {
  const equals = text.indexOf("=");
  if (equals < 0) return;
  const name = text
    .slice(0, equals)
    .replace(/^[\t\n\r ]+/, "")
    .toLowerCase();
  const value = parameterValue(text.slice(equals + 1));
  if (value === undefined || !token.test(name) || !quotable.test(value) || parameters.has(name)) return;
  parameters.set(name, value);
}

/** The value of a parameter. A quoted one ends with its quotes, and the text after them is ignored. */
function parameterValue(text: string): string | undefined {
  const isQuoted = text.startsWith('"');
  const value = isQuoted ? unquoted(text) : text.replace(/[\t\n\r ]+$/, "");
  return value === "" && !isQuoted ? undefined : value;
}

function unquoted(text: string): string {
  return (/^"((?:\\[\s\S]|[^"\\])*)/.exec(text)?.[1] ?? "").replaceAll(/\\([\s\S])/g, "$1");
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function splitOutsideQuotes(text: string, separator: ";" | ","): readonly string[] {
  if (!text.includes('"')) return text.split(separator);
  const part =
    separator === ";"
      ? /(?:"(?:\\[\s\S]|[^"\\])*(?:"|$)|[^;"])*/y
      : /(?:"(?:\\[\s\S]|[^"\\])*(?:"|$)|[^,"])*/y;
  const parts: string[] = [];
  for (let at = 0; at <= text.length; at = part.lastIndex + 1) {
    part.lastIndex = at;
    parts.push(part.exec(text)?.[0] ?? "");
  }
  return parts;
}

function trimHttp(text: string): string {
  return text.replaceAll(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
}
