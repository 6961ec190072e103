import { parse } from "@babel/parser";
import type { Program } from "@babel/types";

/** A file of the workflow. */
export interface ParsedFile {
  readonly name: string;
  readonly text: string;
  readonly program: Program;
}

/** @throws {SyntaxError} with `loc` */
export function parseFile(name: string, text: string): ParsedFile {
  const isJavaScript = /\.[cm]?js$/.test(name);
  const { program } = parse(text, {
    sourceType: "unambiguous",
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    plugins: [...(isJavaScript ? [] : (["typescript"] as const)), "decorators", "importAttributes" as never],
    attachComment: false,
  });
  return { name, text, program };
}
