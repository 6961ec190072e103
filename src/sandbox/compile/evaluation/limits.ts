import { MiB } from "../../../base/binary-units.ts";

/** Limits on the evaluation of a workflow's top level at the deploy. */

/**
 * Compressed size of a memory image: the stored memory of a workflow after its top level has run. Each version
 * keeps its own image, and each execution starts from it.
 */
export const maxImageBytes = 24 * MiB;

/** Wall-clock timeout of the evaluation of a workflow's top level at the deploy. */
export const evaluationTimeoutMs = 60_000;
