import { build, initialize, stop } from "esbuild-wasm";
// oxlint-disable-next-line import/default -- Vite hands it over as text
import helpers from "../../../src/guest/helpers.ts?raw";
import { createBundler } from "../../../src/sandbox/compile/bundle.ts";
import type { Bundler, BundlingProgram } from "../../../src/sandbox/compile/bundle.ts";
import type { CollectedFiles } from "../../../src/sandbox/compile/source-files.ts";
import type { WorkflowSource } from "../../../src/domain/workflow.ts";

/** The bundler of deploys, with esbuild as WebAssembly on this thread. It makes the same bytes. */
export function createBrowserBundler(esbuild: WebAssembly.Module): Bundler {
  return createBundler({ program: programOf(esbuild), collectFiles, readHelpers: async () => helpers });
}

function programOf(wasmModule: WebAssembly.Module): BundlingProgram {
  let running: Promise<void> | undefined;
  return {
    async build(options) {
      await (running ??= initialize({ wasmModule, worker: false }));
      return await build(options);
    },
    async stop() {
      running = undefined;
      await stop();
    },
  };
}

/** The packages of an installation are on its server. */
function collectFiles({ files, dependencies = {} }: WorkflowSource): CollectedFiles {
  return {
    files: new Map(Object.entries(files)),
    problems: Object.keys(dependencies).map((name) => ({
      message: `Cannot supply "${name}" in a preview: the packages of this installation are on its server`,
      hint: "Deploy and execute the workflow, or bring the files of the package along in node_modules/",
    })),
  };
}
