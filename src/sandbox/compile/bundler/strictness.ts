import type { Metafile } from "esbuild";
import { authorPath } from "../diagnostics/diagnostics.ts";
import { packageRootOf } from "../resolution/package-root.ts";
import { extractSloppyModules } from "./sloppy-modules.ts";
import type { MappedScript } from "./sloppy-modules.ts";

/**
 * Makes a bundle strict, as ECMAScript modules are, except for CommonJS modules without the directive, which
 * are sloppy in Node. esbuild puts all modules into one function, and code inside a strict function cannot be
 * sloppy, so the sloppy modules are moved out of it. If that is not possible, the whole bundle stays sloppy.
 *
 * @param script an `iife` of esbuild. Directives are added at the end of lines, where source maps have no
 *   position.
 * @param read returns the text of one of the author's files
 */
export function withStrictness(
  script: MappedScript,
  metafile: Metafile,
  read: (path: string) => string | undefined,
): MappedScript {
  const included = includedInputs(metafile);
  const sloppy = included.filter((name) => {
    const path = authorPath(name);
    return (
      path !== undefined &&
      mayBeSloppy(path, metafile.inputs[name]?.format) &&
      !hasUseStrict(read(path) ?? "")
    );
  });
  if (sloppy.length === 0) return { ...script, code: withDirective(script.code) };
  return extractSloppyModules(script, { included, sloppy: new Set(sloppy) }) ?? script;
}

function includedInputs({ outputs }: Metafile): readonly string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : [])),
  );
}

/** esbuild reports no format for a file that neither exports nor imports; in a package that is CommonJS. */
function mayBeSloppy(path: string, format: "cjs" | "esm" | undefined): boolean {
  if (/\.(?:json|txt|mjs|mts)$/.test(path)) return false;
  return format === "cjs" || (format === undefined && packageRootOf(path) !== undefined);
}

/** True if a script starts with the directive, after comments, a hashbang and other directives. */
function hasUseStrict(text: string): boolean {
  const prologue = /\s+|#!.*|\/\/.*|\/\*[^]*?\*\/|;|(["'])([^"'\\\n]*)\1/y;
  for (let match = prologue.exec(text); match !== null; match = prologue.exec(text)) {
    if (match[2] === "use strict") return true;
  }
  return false;
}

function withDirective(code: string): string {
  const end = code.indexOf("\n");
  return `${code.slice(0, end)} "use strict";${code.slice(end)}`;
}
