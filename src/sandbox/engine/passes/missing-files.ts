import { assemble } from "../../wasm/code.ts";
import { readFunctionNames } from "../../wasm/function-names.ts";
import { readCode, readImports, sectionIds, withSection, writeCode } from "../../wasm/module.ts";
import type { WasmModule } from "../../wasm/module.ts";
import { opcodes } from "../../wasm/opcodes.ts";

/** The WASI functions by which the engine looks up and opens the file of a module that `import()` names. */
const lookUps: ReadonlySet<string> = new Set(["path_filestat_get", "path_open"]);
/** `errno.noent` of WASI. */
const noSuchFile = 44n;

/**
 * An `import()` that the bundler did not see, as in a string for `eval`, makes the engine look for a file.
 * componentize's replacements of those functions end the instance; these report that there is no such file,
 * so the promise is rejected.
 */
export function reportMissingFiles(module: WasmModule): WasmModule {
  const imported = readImports(module).filter(({ kind }) => kind === "function").length;
  const indices = functionsNamed(module, lookUps).map((index) => index - imported);
  const answer = Uint8Array.of(0, ...assemble([opcodes.i32Const, noSuchFile], [opcodes.end]));
  const bodies = readCode(module).map((body, index) => (indices.includes(index) ? answer : body));
  return withSection(module, sectionIds.code, writeCode(bodies));
}

function functionsNamed(module: WasmModule, wanted: ReadonlySet<string>): readonly number[] {
  return [...readFunctionNames(module)].flatMap(([index, name]) => (wanted.has(name) ? [index] : []));
}
