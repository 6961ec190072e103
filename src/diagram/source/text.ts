import type { Node } from "@babel/types";

const maxLabelCharacters = 80;

/** The source of a node on one line. */
export function sourceText(file: string, node: Node): string {
  return oneLine(file.slice(node.start ?? 0, node.end ?? 0));
}

/** A text on one line, shortened to what fits into a label. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, 4 * maxLabelCharacters)
    .replaceAll(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .trim();
  return line.length <= maxLabelCharacters
    ? line
    : `${line.slice(0, maxLabelCharacters - 1).toWellFormed()}…`;
}
