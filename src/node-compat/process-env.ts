/** The environment of a workflow: empty, as an executor's environment is none of a workflow's business. What is assigned stays. */
export const processEnv: Record<string, string | undefined> = {};
