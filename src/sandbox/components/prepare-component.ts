import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inMiB, MiB } from "../../base/binary-units.ts";
import { createSemaphore } from "../../base/concurrency/semaphore.ts";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import type { Diagnostic } from "../../domain/errors.ts";
import { runBuild } from "../engine/build-process.ts";
import {
  maxModuleBytes,
  preparationCpuSeconds,
  preparationMemoryBytes,
  preparationTimeoutMs,
} from "./limits.ts";

/** What an author deploys, and where messages say that it is. */
export interface DeployedModule {
  readonly file: string;
  readonly bytes: Uint8Array;
}

export interface PreparationOptions {
  /** The folder for files while a module is prepared. Defaults to the system's temporary folder. */
  readonly temporaryDir?: string;
  readonly cpuSeconds?: number;
}

/**
 * Makes the core of an engine from a component or module that an author deploys, in a process of its own with limits on
 * time and memory. The same bytes always give the same core.
 *
 * @throws {DuraniumError} `compile-failed` with diagnostics, `overloaded`
 */
export async function prepareComponent(
  { file, bytes }: DeployedModule,
  { temporaryDir = tmpdir(), cpuSeconds = preparationCpuSeconds }: PreparationOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes.length > maxModuleBytes) {
    const message = `The module has ${inMiB(bytes.length)}, and the limit is ${maxModuleBytes / MiB} MiB`;
    throw refused([{ file, message, hint: sizeHint }]);
  }
  using _permit = await preparations.take();
  const folder = await mkdtemp(join(temporaryDir, "duranium-module-"));
  try {
    await writeFile(join(folder, "module.wasm"), bytes);
    const output = await runPreparation(folder, { file, cpuSeconds });
    const refusal = await readIfThere(join(output, "refusal.json"));
    if (refusal !== undefined) {
      const diagnostics = JSON.parse(new TextDecoder().decode(refusal)) as readonly Diagnostic[];
      throw refused(diagnostics.map((diagnostic) => ({ file, ...diagnostic })));
    }
    return await readFile(join(output, "engine.core.wasm"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Processes at the same time. Further modules wait. */
const preparations = createSemaphore(2);

const sizeHint =
  "Build it with optimization for size, and strip names and debug information (`wasm-strip`, `-Wl,--strip-all`)";

interface Preparation {
  readonly file: string;
  readonly cpuSeconds: number;
}

async function runPreparation(folder: string, { file, cpuSeconds }: Preparation): Promise<string> {
  const limits = { cpuSeconds, memoryBytes: preparationMemoryBytes, timeoutMs: preparationTimeoutMs };
  const startedAt = performance.now();
  try {
    return await runBuild(folder, { kind: "component" }, limits);
  } catch (error) {
    if (performance.now() - startedAt >= preparationTimeoutMs)
      throw new DuraniumError("overloaded", `Cannot prepare ${file}: this machine is busy. Try again later`);
    // The process ends like this only where the module used up its time or memory.
    const message = `Preparing the module exceeded its limits of ${cpuSeconds} s of processor time and ${preparationMemoryBytes / MiB} MiB of memory`;
    throw refused([{ file, message, hint: "Split the program, or build it with optimization" }], error);
  }
}

function refused(diagnostics: readonly Diagnostic[], cause?: unknown): DuraniumError {
  const [first] = diagnostics;
  return new DuraniumError("compile-failed", `Cannot compile the workflow: ${first?.message ?? ""}`, {
    diagnostics,
    cause,
  });
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`Cannot read "${path}": ${messageOf(error)}`, { cause: error });
  }
}
