/** Limits on portable components. */

/** Wall-clock timeout of the build of a portable component. */
export const portableBuildTimeoutMs = 120_000;

/**
 * CPU seconds of the build of a portable component. It takes 5 to 10, and evaluates the workflow's top level
 * without fuel.
 */
export const portableBuildCpuSeconds = 60;

/** Portable components retained, newest first. Each has 13 MiB or more, and is rebuilt on request. */
export const maxStoredComponents = 50;
