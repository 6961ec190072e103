import { ByteReader } from "../../wasm/binary.ts";
import { assemble } from "../../wasm/code.ts";
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

/** The subsection of the custom section `name` with the names of functions. */
const functionNames = 1;

function functionsNamed(module: WasmModule, wanted: ReadonlySet<string>): readonly number[] {
  const found: number[] = [];
  for (const section of module.sections.filter(({ id }) => id === sectionIds.custom)) {
    const reader = new ByteReader(section.content, section.offset);
    if (reader.name() !== "name") continue;
    while (!reader.done) {
      const part = reader.byte();
      const names = new ByteReader(reader.take(reader.u32()));
      if (part !== functionNames) continue;
      for (const { index, name } of names.vector(() => ({ index: names.u32(), name: names.name() }))) {
        if (wanted.has(name)) found.push(index);
      }
    }
  }
  return found;
}
