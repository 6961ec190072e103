import { createSemaphore } from "../../base/concurrency/semaphore.ts";
import type { Digest } from "../../base/digest.ts";
import { parseDeclarations } from "../../declarations/declarations.ts";
import { DuraniumError, toDuraniumError } from "../../domain/errors.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { CompiledWorkflow, WorkflowSource } from "../../domain/workflow.ts";
import type { Bundle } from "./bundler/bundle.ts";
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
import type { CurrentEngine } from "./evaluation/evaluation-threads.ts";
import { evaluationTimeoutMs as maxLoadMs, maxImageBytes } from "./evaluation/limits.ts";

/** Provides the engine for new versions. */
export interface CurrentEngineSource {
  /** @throws {DuraniumError} `engine-unavailable` */
  current(): Promise<CurrentEngine>;
}

/** Stores artifacts by digest. */
export interface ArtifactSink {
  put(bytes: Uint8Array): Promise<Digest>;
}

export interface CompilerOptions {
  readonly engines: CurrentEngineSource;
  readonly artifacts: ArtifactSink;
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
   * Bundles the source, evaluates it in a fresh instance and stores the resulting artifacts. The same source
   * always gives the same artifacts. The top level has the limits of one turn.
   *
   * @throws {DuraniumError} with diagnostics: `compile-failed`, `missing-run`, `bundle-too-large`,
   *   `evaluation-failed`, `evaluation-timeout`, `evaluation-out-of-memory`, `evaluation-out-of-fuel`,
   *   `invalid-declaration`
   * @throws {DuraniumError} `engine-unavailable`, `worker-lost`
   */
  compile(source: WorkflowSource, limits?: ExecutionLimits): Promise<CompiledWorkflow>;
}

export function createCompiler({
  engines,
  artifacts,
  packagesDir,
  temporaryDir,
  limits: usualLimits = defaultExecutionLimits,
  evaluationTimeoutMs = maxLoadMs,
}: CompilerOptions): Compiler {
  const semaphore = createSemaphore(maxConcurrentEvaluations);
  const bundler = createNativeBundler({
    ...(packagesDir === undefined ? {} : { packagesDir }),
    ...(temporaryDir === undefined ? {} : { temporaryDir }),
  });
  const threads = new EvaluationThreads(() => engines.current());
  return {
    async compile(source, limits = usualLimits) {
      using _permit = await semaphore.take();
      const startedAt = performance.now();
      const bundle = await bundler.bundle(source);
      const bundleMs = performance.now() - startedAt;
      const evaluation = await evaluate(threads, { source, bundle, limits, evaluationTimeoutMs });
      const { declarations } = evaluation;
      const declared =
        declarations === undefined ? {} : { declarations: parseDeclarations(declarations, source) };
      const { digest, protocolVersion } = await engines.current();
      const stored = await store(artifacts, { source, bundle, bundleMs, evaluation });
      return { ...stored, ...declared, engineDigest: digest, protocolVersion };
    },
    async [Symbol.asyncDispose]() {
      semaphore.close(new DuraniumError("worker-lost", "Cannot compile a workflow: the compiler is closed"));
      await Promise.all([bundler[Symbol.asyncDispose](), threads[Symbol.asyncDispose]()]);
    },
  };
}

interface EvaluateRequest {
  readonly source: WorkflowSource;
  readonly bundle: Bundle;
  readonly limits: ExecutionLimits;
  readonly evaluationTimeoutMs: number;
}

async function evaluate(
  threads: EvaluationThreads,
  { source, bundle, limits, evaluationTimeoutMs }: EvaluateRequest,
): Promise<Evaluation> {
  const bounds = {
    limits,
    timeoutMs: evaluationTimeoutMs,
    overdue: () => evaluationTimedOut(evaluationTimeoutMs),
  };
  return threads.use(async (thread) => {
    const result = await thread.evaluate(bundle.code, bounds).catch((error: unknown) => {
      throw evaluationCrashed(toDuraniumError(error), limits);
    });
    if ("threw" in result) throw evaluationFailed(result.threw, { source, sourceMap: bundle.sourceMap });
    if (result.image.length > maxImageBytes) throw imageTooLarge(result.image.length);
    return result;
  });
}

/** The result of a compilation, before it is stored. */
interface Made {
  readonly source: WorkflowSource;
  readonly bundle: Bundle;
  readonly bundleMs: number;
  readonly evaluation: Evaluation;
}

async function store(
  artifacts: ArtifactSink,
  { source, bundle, bundleMs, evaluation }: Made,
): Promise<Omit<CompiledWorkflow, "engineDigest" | "protocolVersion">> {
  const { image, imagePages, evaluateMs, imageMs } = evaluation;
  const [imageDigest, bundleDigest, sourceMapDigest] = await Promise.all([
    artifacts.put(image),
    artifacts.put(bundle.code),
    artifacts.put(Buffer.from(bundle.sourceMap)),
  ]);
  return {
    imageDigest,
    bundleDigest,
    sourceMapDigest,
    ...(bundle.warnings.length === 0 ? {} : { warnings: bundle.warnings }),
    sizes: {
      sourceBytes: sourceBytes(source),
      bundleBytes: bundle.code.length,
      imageBytes: image.length,
      imagePages,
    },
    timings: { bundleMs, evaluateMs, imageMs },
  };
}

function sourceBytes({ files }: WorkflowSource): number {
  return Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
