/**
 * The environment of a workflow. It is empty, because a workflow must not see the executor's environment. Assigned
 * values are kept.
 */
export const processEnv: Record<string, string | undefined> = {};
