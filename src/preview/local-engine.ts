import type { Digest } from "../base/digest.ts";
import { languageNames, languageOf } from "../domain/engines/language.ts";
import type { EngineLanguage } from "../domain/engines/language.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { WorkflowSource } from "../domain/workflow.ts";
import { preparePython } from "../sandbox/compile/python-code.ts";
import type { PreviewBundle } from "./contract/preview.ts";

/** An engine on this machine. */
export interface LocalEngine {
  readonly language: EngineLanguage;
  readonly digest: Digest;
  readonly protocolVersion: number;
  readonly core: Uint8Array;
}

/** Makes what an engine evaluates. */
export interface PreviewBundler extends AsyncDisposable {
  /** @throws {DuraniumError} with diagnostics, as a deploy */
  bundle(source: WorkflowSource): Promise<PreviewBundle>;
}

/** The bundler of Python, whose engine imports the files itself. Sources in other languages need another engine. */
export function createPythonBundler(): PreviewBundler {
  return {
    async bundle(source) {
      const language = languageOf(source);
      if (language === "python") return preparePython(source);
      const message = `Cannot run ${source.entry} with the Python engine: it is ${languageNames[language]}`;
      throw new DuraniumError("engine-not-installed", message);
    },
    async [Symbol.asyncDispose]() {},
  };
}
