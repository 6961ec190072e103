const variable = "RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT";

/** Whether the project of the runner has Restate suspend executions at every await and replay them. */
export const isReplayed = process.env[variable] === "0s";

/** What an instance gets for that. */
export const replayEnvironment: Readonly<Record<string, string>> = isReplayed ? { [variable]: "0s" } : {};
