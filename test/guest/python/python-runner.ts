import { describe } from "vitest";
import { playBundle } from "../guest-runner.ts";
import type { Played, PlayOptions } from "../guest-runner.ts";
import { compiledPythonCore } from "../../support/python-engine.ts";

/** Further files of the workflow, by their paths. */
export type PythonFiles = Readonly<Record<string, string | { readonly base64: string }>>;

export interface PythonOptions extends PlayOptions {
  readonly files?: PythonFiles;
}

/** Undefined where the Python engine is missing. */
export const pythonModule = await compiledPythonCore();

/** Tests of Python are skipped where its engine is missing. */
export const describePython = describe.skipIf(pythonModule === undefined);

/** Runs a workflow, the file `flow.py`, in an instance of its own. */
export function playPython(source: string, { files = {}, ...options }: PythonOptions = {}): Played {
  if (pythonModule === undefined) throw new Error("The Python engine is missing");
  return playBundle(pythonModule, pythonBundle(source, files), options);
}

/** What `evaluate` takes. */
export function pythonBundle(source: string, files: PythonFiles = {}): Uint8Array {
  const texts: Record<string, string> = {};
  const binaryFiles: Record<string, string> = {};
  for (const [path, content] of Object.entries(files)) {
    if (typeof content === "string") texts[path] = content;
    else binaryFiles[path] = content.base64;
  }
  const bundle = { entry: "flow.py", files: { ...texts, "flow.py": source }, binaryFiles };
  return new TextEncoder().encode(JSON.stringify(bundle));
}
