import type { SyntaxNode, SyntaxNodeRef } from "@lezer/common";
import { parser } from "@lezer/python";

/** One module that a Python file imports. */
export interface PythonImport {
  /** The leading dots of a relative import: 0 of an absolute one, 1 of `from . import x`. */
  readonly level: number;
  /** `a.b` as its parts; none in `from . import x`. */
  readonly module: readonly string[];
  /** The names of `from … import …`, each of which may be a module. */
  readonly names: readonly string[];
  /** True where the file also works without it: in `try`, in `if`, or as text for `importlib`. */
  readonly isOptional: boolean;
  /** True in a function, where it is imported when the function is called. */
  readonly isInFunction: boolean;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/**
 * The imports of a file, in functions too, without those for type checkers only. A file with syntax errors gives those
 * that can be recognised: the engine reports its errors.
 */
export function importsOf(text: string): readonly PythonImport[] {
  const found: PythonImport[] = [];
  const lines = lineStarts(text);
  const textOf = ({ from, to }: SyntaxNodeRef) => text.slice(from, to);
  parser.parse(text).iterate({
    enter(node) {
      if (isForTypesOnly(node, textOf)) return false;
      if (node.name === "ImportStatement") {
        const place = placeOf(node.node, lines, textOf);
        for (const each of readStatement(node.node, textOf)) found.push({ ...each, ...place });
      } else if (node.name === "CallExpression") {
        const name = importedByCall(textOf(node));
        const place = placeOf(node.node, lines, textOf);
        if (name !== undefined) found.push({ ...absolute(name.split(".")), ...place, isOptional: true });
      }
      return undefined;
    },
  });
  return found;
}

type TextOf = (node: SyntaxNodeRef) => string;
type Statement = Pick<PythonImport, "level" | "module" | "names">;

/** `import a.b, c` imports two modules, `from a.b import c, d` imports one. */
function readStatement(statement: SyntaxNode, textOf: TextOf): readonly Statement[] {
  const words = childrenOf(statement).map((node) => ({ name: node.name, text: textOf(node) }));
  const start = words.findIndex(({ name }) => name === "import");
  if (start === -1) return [];
  if (words[0]?.name !== "from") return listOf(words.slice(1)).map((name) => absolute(name.split(".")));
  const source = words.slice(1, start);
  const firstName = source.findIndex(({ name }) => name === "VariableName");
  const dots = firstName === -1 ? source : source.slice(0, firstName);
  return [
    {
      level: dots.reduce((sum, { text }) => sum + text.length, 0),
      module: source.flatMap(({ name, text }) => (name === "VariableName" ? [text] : [])),
      names: listOf(words.slice(start + 1)),
    },
  ];
}

function absolute(module: readonly string[]): Statement & Pick<PythonImport, "module"> {
  return { level: 0, module, names: [] };
}

/** The names of `a.b as c, d`, without their aliases. */
function listOf(words: readonly { readonly name: string; readonly text: string }[]): readonly string[] {
  const names: string[] = [];
  let current = "";
  let isAlias = false;
  for (const { name, text } of [...words, { name: ",", text: "," }]) {
    if (name === ",") {
      if (current !== "") names.push(current);
      [current, isAlias] = ["", false];
    } else if (name === "as") isAlias = true;
    else if (!isAlias && (name === "VariableName" || name === ".")) current += text;
  }
  return names;
}

/** The module in `importlib.import_module("a.b")` and `__import__("a.b")`. */
function importedByCall(call: string): string | undefined {
  return /^(?:(?:importlib\s*\.\s*)?import_module|__import__)\(\s*["']([\w.]+)["']/
    .exec(call)?.[1]
    ?.replace(/^\.+/, "");
}

function isForTypesOnly(node: SyntaxNodeRef, textOf: TextOf): boolean {
  if (node.name !== "Body" || node.node.parent?.name !== "IfStatement") return false;
  const condition = node.node.prevSibling;
  return condition?.prevSibling?.name === "if" && /^(?:\w+\.)?TYPE_CHECKING$/.test(textOf(condition));
}

function placeOf(
  node: SyntaxNode,
  lines: readonly number[],
  textOf: TextOf,
): Pick<PythonImport, "isOptional" | "isInFunction" | "line" | "column"> {
  const around = new Set<string>();
  let isOptional = false;
  for (let outer: SyntaxNode = node; outer.parent !== null; outer = outer.parent) {
    around.add(outer.parent.name);
    isOptional ||= outer.parent.name === "IfStatement" || isHandled(outer) || isSuppressed(outer, textOf);
  }
  const line = lineAt(lines, node.from);
  return {
    isOptional,
    isInFunction: around.has("FunctionDefinition") || around.has("LambdaExpression"),
    line: line + 1,
    column: node.from - (lines[line] ?? 0) + 1,
  };
}

/**
 * Whether a part of a `try` statement may fail: unless each of its handlers only raises another error, as packages do
 * whose C extension is missing.
 */
function isHandled(part: SyntaxNode): boolean {
  if (part.parent?.name !== "TryStatement") return false;
  const [body, ...handlers] = part.parent.getChildren("Body");
  if (part.from !== body?.from) return true;
  return !handlers.every((handler) => handler.getChild("RaiseStatement") !== null);
}

/** `with suppress(ImportError):` */
function isSuppressed({ parent }: SyntaxNode, textOf: TextOf): boolean {
  const call = parent?.name === "WithStatement" ? parent.getChild("CallExpression") : null;
  return call !== null && /\bsuppress\(/.test(textOf(call));
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

function lineStarts(text: string): readonly number[] {
  return [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
}

/** The index of the line of an offset. */
function lineAt(lines: readonly number[], offset: number): number {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
