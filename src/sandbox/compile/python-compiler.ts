import type { CompiledEngine } from "./evaluation/evaluation-threads.ts";
import type { LanguageCompiler } from "./language-compiler.ts";
import { preparePython } from "./python-code.ts";

/**
 * Python: the engine compiles and imports the files itself, so nothing is bundled. What it evaluates is canonical JSON,
 * `{"entry":"flow.py","files":{"flow.py":"…"}}`. Its stacks name the author's files.
 */
export function createPythonCompiler(currentEngine: () => Promise<CompiledEngine>): LanguageCompiler {
  return {
    prepare: async (source) => ({ engine: await currentEngine(), ...preparePython(source) }),
    async [Symbol.asyncDispose]() {},
  };
}
