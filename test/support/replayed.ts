const variable = "RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT";

/** True if the runner's project makes Restate suspend executions at every await and replay them. */
export const isReplayed = process.env[variable] === "0s";

/** The environment of an instance in that project. */
export const replayEnvironment: Readonly<Record<string, string>> = isReplayed ? { [variable]: "0s" } : {};
