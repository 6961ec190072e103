import { DuraniumError } from "../../domain/errors.ts";
import type { EngineDescription } from "../../domain/engines/engine.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import { prepareComponent } from "../components/prepare-component.ts";
import type { PreparationOptions } from "../components/prepare-component.ts";
import { packEngine } from "../engine/added/engine-file.ts";
import { protocolVersion } from "../engine/protocol-version.ts";
import { refused } from "./bundler/bundle.ts";
import { authorPositions } from "./diagnostics/source-map.ts";
import type { LanguageCompiler, PreparedSource } from "./language-compiler.ts";

/** Stores the engine that a module became, before a version refers to it. */
export type PublishModule = (engine: EngineDescription, file: Uint8Array) => Promise<void>;

/** The version of the rewriting (`src/sandbox/components`) that made an engine from a module. */
const languageVersion = "1";

export interface WasmCompilerOptions {
  readonly publish: PublishModule;
  readonly temporaryDir?: string;
}

/** WebAssembly: a module becomes an engine of its own. Nothing is passed to its `evaluate`. */
export function createWasmCompiler({ publish, ...options }: WasmCompilerOptions): LanguageCompiler {
  return {
    async prepare(source) {
      const { prepared, file } = await prepareModule(source, options);
      const { digest, core } = prepared.engine;
      const described = { language: "wasm", languageVersion, protocolVersion } as const;
      await publish({ digest, ...described, bytes: core.length }, file);
      return prepared;
    },
    async [Symbol.asyncDispose]() {},
  };
}

/**
 * Makes the engine of a module, and its engine file.
 *
 * @throws {DuraniumError} `compile-failed` with diagnostics, `overloaded`
 */
export async function prepareModule(
  source: WorkflowSource,
  options: PreparationOptions = {},
): Promise<{ readonly prepared: PreparedSource; readonly file: Uint8Array }> {
  const core = await prepareComponent({ file: source.entry, bytes: moduleOf(source) }, options);
  const { digest, bytes: file } = await packEngine({
    language: "wasm",
    languageVersion,
    core,
    toolchain: {},
  });
  const engine = { digest, protocolVersion, core };
  return { prepared: { code: new Uint8Array(), sourceMap: authorPositions, warnings: [], engine }, file };
}

/** The default of compilers that are not part of an installation. */
export async function cannotPublish(): Promise<never> {
  throw new DuraniumError("internal", "Cannot store the engine of a module: the compiler has no store");
}

function moduleOf({ entry, files, binaryFiles = {} }: WorkflowSource): Uint8Array {
  const names = [...Object.keys(files), ...Object.keys(binaryFiles)];
  const others = names.filter((name) => name !== entry);
  const [other] = others;
  if (other !== undefined) {
    const message = `A WebAssembly module is deployed alone, and there are ${others.length} other files`;
    throw refused("compile-failed", [{ message, file: other, hint: "Link them into the module" }]);
  }
  const content = binaryFiles[entry];
  if (content !== undefined) return Buffer.from(content, "base64");
  const message = "A WebAssembly module is binary, and this file was sent as text";
  throw refused("compile-failed", [
    {
      message,
      file: entry,
      hint: "Send it in `binaryFiles` as base64, or with `content-type: application/wasm`",
    },
  ]);
}
