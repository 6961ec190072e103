import { createSemaphore } from "../../base/concurrency/semaphore.ts";
import type { Digest } from "../../base/digest.ts";
import { parseDeclarations } from "../../declarations/declarations.ts";
import { languageOf } from "../../domain/engines/language.ts";
import type { Language } from "../../domain/engines/language.ts";
import { DuraniumError, toDuraniumError } from "../../domain/errors.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { CompiledWorkflow, WorkflowSource } from "../../domain/workflow.ts";
import { maxConcurrentEvaluations } from "./bundler/limits.ts";
import { createNativeBundler } from "./bundler/native-bundler.ts";
import {
  imageTooLarge,
  evaluationCrashed,
  evaluationFailed,
  evaluationTimedOut,
} from "./evaluation/evaluation-error.ts";
import type { Evaluation } from "./evaluation/evaluation-messages.ts";
import { EvaluationThreads } from "./evaluation/evaluation-threads.ts";
import type { CompiledEngine } from "./evaluation/evaluation-threads.ts";
import { evaluationTimeoutMs as maxLoadMs, maxImageBytes } from "./evaluation/limits.ts";
import { createJavaScriptCompiler } from "./javascript-compiler.ts";
import type { LanguageCompiler, PreparedSource } from "./language-compiler.ts";
import { createPythonCompiler } from "./python-compiler.ts";
import { cannotPublish, createWasmCompiler } from "./wasm-compiler.ts";
import type { PublishModule } from "./wasm-compiler.ts";

/** Provides the engines for new versions. */
export interface CurrentEngineSource {
  /** @throws {DuraniumError} `engine-unavailable`, `engine-not-installed` */
  current(language?: Language): Promise<CompiledEngine>;
}

/** Stores artifacts by digest, and reads the packages of sources. */
export interface ArtifactSink {
  put(bytes: Uint8Array): Promise<Digest>;
  get(digest: Digest): Promise<Uint8Array>;
}

export interface CompilerOptions {
  readonly engines: CurrentEngineSource;
  readonly artifacts: ArtifactSink;
  /** Stores the engines that WebAssembly modules become. */
  readonly publishModule?: PublishModule;
  /** The `node_modules` folder that provides the dependencies of sources. */
  readonly packagesDir?: string;
  /** The folder for sources while they are bundled. Defaults to the system's temporary folder. */
  readonly temporaryDir?: string;
  /** The default limits of the top level. */
  readonly limits?: ExecutionLimits;
  readonly evaluationTimeoutMs?: number;
}

/** Compiles a workflow's source into what an execution needs. */
export interface Compiler extends AsyncDisposable {
  /**
   * Prepares the source as its language needs, evaluates it in a fresh instance of the language's engine and stores the
   * resulting artifacts. The same source always gives the same artifacts. The top level has the limits of one turn.
   *
   * @throws {DuraniumError} with diagnostics: `compile-failed`, `missing-run`, `bundle-too-large`,
   *   `engine-not-installed`, `evaluation-failed`, `evaluation-timeout`, `evaluation-out-of-memory`, `evaluation-out-of-fuel`,
   *   `invalid-declaration`
   * @throws {DuraniumError} `engine-unavailable`, `worker-lost`
   */
  compile(source: WorkflowSource, limits?: ExecutionLimits): Promise<CompiledWorkflow>;
}

export function createCompiler({
  engines,
  artifacts,
  publishModule = cannotPublish,
  packagesDir,
  temporaryDir,
  limits: usualLimits = defaultExecutionLimits,
  evaluationTimeoutMs = maxLoadMs,
}: CompilerOptions): Compiler {
  const semaphore = createSemaphore(maxConcurrentEvaluations);
  const compilers: Readonly<Record<Language, LanguageCompiler>> = {
    javascript: createJavaScriptCompiler(
      createNativeBundler({
        readArchive: async (digest) => await artifacts.get(digest),
        ...(packagesDir === undefined ? {} : { packagesDir }),
        ...(temporaryDir === undefined ? {} : { temporaryDir }),
      }),
      () => engines.current(),
    ),
    python: createPythonCompiler(() => engines.current("python")),
    wasm: createWasmCompiler({
      publish: publishModule,
      ...(temporaryDir === undefined ? {} : { temporaryDir }),
    }),
  };
  // Most deploys are in JavaScript, so its first evaluation does not wait for a thread.
  const threads = new EvaluationThreads(() => engines.current());
  return {
    async compile(source, limits = usualLimits) {
      using _permit = await semaphore.take();
      const startedAt = performance.now();
      const language = languageOf(source);
      const prepared = await compilers[language].prepare(source);
      const bundleMs = performance.now() - startedAt;
      const evaluation = await evaluate(threads, { source, prepared, limits, evaluationTimeoutMs });
      const { declarations } = evaluation;
      const declared =
        declarations === undefined ? {} : { declarations: parseDeclarations(declarations, source) };
      const { digest, protocolVersion } = prepared.engine;
      const stored = await store(artifacts, { source, prepared, bundleMs, evaluation });
      return { ...stored, ...declared, engineDigest: digest, protocolVersion, language };
    },
    async [Symbol.asyncDispose]() {
      semaphore.close(new DuraniumError("worker-lost", "Cannot compile a workflow: the compiler is closed"));
      const parts = [...Object.values(compilers), threads];
      await Promise.all(parts.map((part) => part[Symbol.asyncDispose]()));
    },
  };
}

interface EvaluateRequest {
  readonly source: WorkflowSource;
  readonly prepared: PreparedSource;
  readonly limits: ExecutionLimits;
  readonly evaluationTimeoutMs: number;
}

async function evaluate(
  threads: EvaluationThreads,
  { source, prepared, limits, evaluationTimeoutMs }: EvaluateRequest,
): Promise<Evaluation> {
  const { code, engine, sourceMap } = prepared;
  const bounds = {
    limits,
    timeoutMs: evaluationTimeoutMs,
    overdue: () => evaluationTimedOut(evaluationTimeoutMs),
  };
  return threads.use(engine, async (thread) => {
    const result = await thread.evaluate(code, bounds).catch((error: unknown) => {
      throw evaluationCrashed(toDuraniumError(error), limits);
    });
    if ("threw" in result) throw evaluationFailed(result.threw, { source, sourceMap });
    if (result.image.length > maxImageBytes) throw imageTooLarge(result.image.length);
    return result;
  });
}

/** The result of a compilation, before it is stored. */
interface Made {
  readonly source: WorkflowSource;
  readonly prepared: PreparedSource;
  readonly bundleMs: number;
  readonly evaluation: Evaluation;
}

async function store(
  artifacts: ArtifactSink,
  { source, prepared, bundleMs, evaluation }: Made,
): Promise<Omit<CompiledWorkflow, "engineDigest" | "protocolVersion" | "language">> {
  const { image, imagePages, evaluateMs, imageMs } = evaluation;
  const [imageDigest, bundleDigest, sourceMapDigest] = await Promise.all([
    artifacts.put(image),
    artifacts.put(prepared.code),
    artifacts.put(Buffer.from(prepared.sourceMap)),
  ]);
  return {
    imageDigest,
    bundleDigest,
    sourceMapDigest,
    ...(prepared.warnings.length === 0 ? {} : { warnings: prepared.warnings }),
    sizes: {
      sourceBytes: sourceBytes(source),
      bundleBytes: prepared.code.length,
      imageBytes: image.length,
      imagePages,
    },
    timings: { bundleMs, evaluateMs, imageMs },
  };
}

function sourceBytes({ files, binaryFiles = {} }: WorkflowSource): number {
  const texts = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return Object.values(binaryFiles).reduce((sum, text) => sum + Buffer.byteLength(text, "base64"), texts);
}
