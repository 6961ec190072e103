/** One name that Python code can use: a function, a class, a variable or a member. */
export interface Declaration {
  readonly name: string;
  readonly kind: "function" | "class" | "value";
  /** On one line, without `self`: `async def sleep(duration: Duration) -> None`. */
  readonly signature: string;
  readonly about: string;
}

/** The declarations of a module, and those of its classes by their names. */
export interface Declarations {
  readonly module: readonly Declaration[];
  readonly members: ReadonlyMap<string, readonly Declaration[]>;
}

/**
 * Reads the stub file of `duranium`: declarations on one line each, with their docstrings on the line below. Names that begin
 * with an underscore are left out.
 */
export function readDeclarations(stub: string): Declarations {
  const module: Declaration[] = [];
  const members = new Map<string, Declaration[]>();
  const lines = stub.split("\n");
  let current: Declaration[] = [];
  for (const [index, line] of lines.entries()) {
    const isMember = line.startsWith("    ");
    const found = readLine(isMember ? line.slice(4) : line, lines[index + 1] ?? "");
    if (found === undefined || found.name.startsWith("_")) continue;
    (isMember ? current : module).push(found);
    if (found.kind === "class") members.set(found.name, (current = []));
  }
  return { module, members };
}

function readLine(line: string, next: string): Declaration | undefined {
  const about = /^\s*"""(.*?)"""/.exec(next)?.[1] ?? "";
  const [, functionName] = /^(?:async )?def (\w+)\(/.exec(line) ?? [];
  if (functionName !== undefined) {
    const signature = line.replace(/\(self(?:, )?/, "(").replace(/:(?: \.\.\.)?$/, "");
    return { name: functionName, kind: "function", signature, about };
  }
  const [, className] = /^class (\w+)/.exec(line) ?? [];
  if (className !== undefined)
    return { name: className, kind: "class", signature: line.replace(/:$/, ""), about };
  const [, name] = /^(\w+): \S/.exec(line) ?? [];
  return name === undefined ? undefined : { name, kind: "value", signature: line, about };
}

/**
 * The class of what stands before a dot, as far as it follows from names: `ctx`, its members, and what `fetch` and
 * `create_callback` were assigned to.
 */
export function classOf(expression: string, text: string): string | undefined {
  const known = /^ctx(?:\.(state|secrets))?$/.exec(expression);
  if (known !== null) return { state: "State", secrets: "Secrets" }[known[1] ?? ""] ?? "WorkflowContext";
  const assigned = new RegExp(`\\b${expression}\\s*=\\s*(?:await\\s+)?(fetch|ctx\\.create_callback)\\(`).exec(
    text,
  );
  return assigned === null ? undefined : assigned[1] === "fetch" ? "Response" : "Callback";
}

/** An insertion that imports a name from `duranium`. The line and the column count from 1. */
export interface MissingImport {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export function missingImport(text: string, name: string): MissingImport | undefined {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /^from duranium import [\w, ]+$/.test(line));
  const existing = lines[at];
  if (existing === undefined) {
    return { line: lineAfterHeading(lines), column: 1, text: `from duranium import ${name}\n` };
  }
  if (new RegExp(`\\b${name}\\b`).test(existing.slice("from duranium import ".length))) return undefined;
  return { line: at + 1, column: existing.trimEnd().length + 1, text: `, ${name}` };
}

/** The first line that is neither a comment nor part of the module's docstring. */
function lineAfterHeading(lines: readonly string[]): number {
  let index = 0;
  while (lines[index]?.startsWith("#") === true) index += 1;
  if (/^("""|''')/.test(lines[index] ?? "")) {
    const quotes = lines[index]?.slice(0, 3) ?? "";
    const isOneLine = (lines[index]?.slice(3) ?? "").includes(quotes);
    if (!isOneLine)
      do index += 1;
      while (index < lines.length && lines[index]?.includes(quotes) !== true);
    index += 1;
    if (lines[index] === "") index += 1;
  }
  return Math.min(index, lines.length) + 1;
}
