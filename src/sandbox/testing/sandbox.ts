import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testEngineStore } from "../../../test/support/engine.ts";
import type { CompiledWorkflow } from "../../domain/workflow.ts";
import type { ArtifactStore } from "../../stores/artifacts/artifacts.ts";
import { createFileSystemArtifactStore } from "../../stores/artifacts/file-system.ts";
import { createCompiler } from "../compile/compile.ts";
import type { Compiler, CompilerOptions } from "../compile/compile.ts";
import type { InstalledEngines } from "../engine/added/installed-engines.ts";

/** The real engine, a real compiler, and artifacts in a temporary folder. */
export interface TestSandbox extends AsyncDisposable {
  readonly engines: InstalledEngines;
  readonly artifacts: ArtifactStore;
  readonly compiler: Compiler;
  /** Compiles a workflow of one file. */
  compile(source: string): Promise<CompiledWorkflow>;
}

export async function openTestSandbox({
  engines = testEngineStore(),
  ...options
}: Pick<CompilerOptions, "limits" | "evaluationTimeoutMs"> & {
  readonly engines?: InstalledEngines;
} = {}): Promise<TestSandbox> {
  const directory = await mkdtemp(join(tmpdir(), "duranium-sandbox-"));
  const artifacts = createFileSystemArtifactStore(directory);
  const compiler = createCompiler({ engines, artifacts, ...options });
  return {
    engines,
    artifacts,
    compiler,
    compile: (source) => compiler.compile({ entry: "workflow.ts", files: { "workflow.ts": source } }),
    async [Symbol.asyncDispose]() {
      await compiler[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
