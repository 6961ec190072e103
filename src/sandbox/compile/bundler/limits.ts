import { GiB, MiB } from "../../../base/binary-units.ts";

/** What esbuild may use for one bundle. */

/**
 * Size of a bundle after esbuild. The largest API clients bundle to 9 to 13 MB, and evaluating those needs more
 * than the default memory of an execution.
 */
export const maxBundleBytes = 16 * MiB;

/** Concurrent evaluations of deployed workflows, each in its own thread. Further ones wait. */
export const maxConcurrentEvaluations = 4;

/**
 * Wall-clock timeout of bundling. A bundle takes milliseconds to seconds, and one that takes this long is waiting
 * for the CPU.
 */
export const bundleTimeoutMs = 60_000;

/** CPU seconds of esbuild. A bundle of 5 MB from six large packages takes 1.6. */
export const bundleCpuSeconds = 30;

/** Address space of esbuild. A bundle of 5 MB from six large packages uses 0.4 GiB. */
export const bundleMemoryBytes = 2 * GiB;
