import type { Diagnostic } from "#client";
import { printableLine, printableText } from "./printable.ts";
import type { Terminal } from "./terminal.ts";

/** A diagnostic with its place, the source line, a mark below the column, and the hint. */
export function diagnosticLines(diagnostic: Diagnostic, style: Terminal["style"]): readonly string[] {
  const { file, line, column, lineText, message, hint } = diagnostic;
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return [
    `${place === "" ? "" : `${style("cyan", printableLine(place))} `}${printableText(message)}`,
    ...(lineText === undefined || line === undefined
      ? []
      : frame({ line, column, lineText: printableLine(lineText.trimEnd()) }, style)),
    ...(hint === undefined ? [] : [`  ${style("dim", printableText(hint))}`]),
    "",
  ];
}

function frame(
  at: { readonly line: number; readonly column: number | undefined; readonly lineText: string },
  style: Terminal["style"],
): readonly string[] {
  const gutter = `  ${at.line} │ `;
  const source = `${style("dim", gutter)}${at.lineText}`;
  if (at.column === undefined) return [source];
  // Tabs stay tabs, so that the mark lines up with the column.
  const before = at.lineText.slice(0, at.column - 1).replaceAll(/[^\t]/g, " ");
  return [source, `${" ".repeat(gutter.length - 2)}${style("dim", "│")} ${before}${style("red", "^")}`];
}
