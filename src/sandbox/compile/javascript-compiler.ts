import type { Bundler } from "./bundler/bundle.ts";
import type { CompiledEngine } from "./evaluation/evaluation-threads.ts";
import type { LanguageCompiler } from "./language-compiler.ts";

/** JavaScript and TypeScript: one script, bundled with esbuild. */
export function createJavaScriptCompiler(
  bundler: Bundler,
  currentEngine: () => Promise<CompiledEngine>,
): LanguageCompiler {
  return {
    prepare: async (source) => ({ ...(await bundler.bundle(source)), engine: await currentEngine() }),
    [Symbol.asyncDispose]: () => bundler[Symbol.asyncDispose](),
  };
}
