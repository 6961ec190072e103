import type { Metafile } from "esbuild";
import { authorPath } from "./diagnostics.ts";
import { packageRootOf } from "./package-root.ts";

/**
 * Makes the whole bundle strict, as ECMAScript modules are, unless it has a CommonJS module that asks for sloppy mode by
 * having no directive, as Node reads it. esbuild puts all modules into one function, and nothing within a strict function
 * can be sloppy.
 *
 * @param code an `iife` of esbuild's. The directive goes to the end of its first line, where source maps have no position.
 * @param read the text of one of the author's files
 */
export function withStrictness(
  code: Uint8Array,
  { inputs, outputs }: Metafile,
  read: (path: string) => string | undefined,
): Uint8Array {
  const included = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const isSloppy = included.some((name) => {
    const path = authorPath(name);
    return path !== undefined && mayBeSloppy(path, inputs[name]?.format) && !hasUseStrict(read(path) ?? "");
  });
  return isSloppy ? code : withDirective(code);
}

/** esbuild knows no format of a file that neither exports nor imports; in a package that is CommonJS. */
function mayBeSloppy(path: string, format: "cjs" | "esm" | undefined): boolean {
  if (/\.(?:json|txt|mjs|mts)$/.test(path)) return false;
  return format === "cjs" || (format === undefined && packageRootOf(path) !== undefined);
}

/** Whether a script begins with the directive, after comments, a hashbang and other directives have been passed over. */
function hasUseStrict(text: string): boolean {
  const prologue = /\s+|#!.*|\/\/.*|\/\*[^]*?\*\/|;|(["'])([^"'\\\n]*)\1/y;
  for (let match = prologue.exec(text); match !== null; match = prologue.exec(text)) {
    if (match[2] === "use strict") return true;
  }
  return false;
}

function withDirective(code: Uint8Array): Uint8Array {
  const directive = new TextEncoder().encode(' "use strict";');
  const end = code.indexOf("\n".charCodeAt(0));
  const strict = new Uint8Array(code.length + directive.length);
  strict.set(code.subarray(0, end));
  strict.set(directive, end);
  strict.set(code.subarray(end), end + directive.length);
  return strict;
}
