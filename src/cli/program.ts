import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { alertCommands } from "./commands/alerts/alerts.ts";
import { scheduleCommands } from "./automation/schedules.ts";
import { auditCommand } from "./commands/audit.ts";
import { backupCommands } from "./commands/backup.ts";
import { deployCommand } from "./commands/deploy.ts";
import { devCommand } from "./commands/dev.ts";
import { executeCommand } from "./commands/execute.ts";
import { engineCommands } from "./engines/engine-commands.ts";
import { eventCommands, executionCommands } from "./commands/executions.ts";
import { failureCommands } from "./commands/alerts/failures.ts";
import { initCommands } from "./commands/init.ts";
import { keyCommands } from "./commands/keys.ts";
import { limitCommands } from "./automation/limits.ts";
import { overviewCommand } from "./commands/overview.ts";
import { loginCommands } from "./commands/login.ts";
import { queueCommands } from "./automation/queues.ts";
import { secretCommands } from "./commands/secrets.ts";
import { settingsCommands } from "./commands/settings.ts";
import { startCommand } from "./commands/start.ts";
import { webhookCommands } from "./commands/webhooks.ts";
import { workflowCommands } from "./commands/workflows.ts";
import { recordingCommands } from "./replay/recordings.ts";
import { experimentCommand } from "./replay/experiment-command.ts";
import { replayCommand } from "./replay/replay-command.ts";
import { exitCodes, toCliError } from "./output/cli-error.ts";
import { errorJson, errorLines } from "./output/error-text.ts";
import { InterruptedError } from "./output/terminal.ts";
import { inheritCommonOptions, withCommonOptions } from "./shared/cli.ts";
import type { Cli } from "./shared/cli.ts";

/** Runs a command line and returns the exit code. Never rejects. */
export async function runProgram(args: readonly string[], cli: Omit<Cli, "exitWith">): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = createProgram({ ...cli, exitWith: (code) => (exitCode = code) });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    return tell(error, args, cli);
  }
}

/** All commands. `cli` is not used before a command runs. */
export function createProgram(cli: Cli): Command {
  const program = withCommonOptions(new Command("duranium"))
    .hook("preAction", (_program, each) => inheritCommonOptions(each))
    .description("Durable, sandboxed workflows in plain TypeScript")
    .version(version(), "-v, --version")
    .addHelpText("after", afterHelp);
  const commands = [
    startCommand(cli),
    ...backupCommands(cli),
    ...initCommands(cli),
    devCommand(cli),
    ...loginCommands(cli),
    deployCommand(cli),
    executeCommand(cli),
    overviewCommand(cli),
    workflowCommands(cli),
    executionCommands(cli),
    recordingCommands(cli),
    replayCommand(cli),
    experimentCommand(cli),
    eventCommands(cli),
    failureCommands(cli),
    alertCommands(cli),
    scheduleCommands(cli),
    settingsCommands(cli),
    queueCommands(cli),
    limitCommands(cli),
    secretCommands(cli),
    webhookCommands(cli),
    engineCommands(cli),
    keyCommands(cli),
    auditCommand(cli),
  ];
  for (const each of commands) program.addCommand(each);
  for (const each of [program, ...commands, ...commands.flatMap(({ commands: inner }) => inner)]) {
    each.exitOverride().showSuggestionAfterError().showHelpAfterError("(use --help for usage)");
  }
  return program;
}

const afterHelp = `
Getting started: $ npx duranium start                  start the server, with its data in ./data
  $ npx duranium login                  log in with the key printed at the first start
  $ npx duranium init purchase          create a project with a workflow
  $ npx duranium dev                    run it locally, again after every change
  $ npx duranium deploy                 deploy it to the server
  $ npx duranium execute purchase --wait

Exit codes: 0 success, 1 error, 2 invalid usage, 3 access denied, 4 not found, 5 server unreachable, 6 compilation failed, 7 execution failed, 8 execution still running, 130 interrupted.
Environment: DURANIUM_URL, DURANIUM_API_KEY, NO_COLOR.`;

function version(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

function tell(error: unknown, args: readonly string[], { terminal }: Pick<Cli, "terminal">): number {
  if (error instanceof InterruptedError) return exitCodes.interrupted;
  // Commander has already printed the error, the help or the version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const told = toCliError(error);
  terminal.progress("");
  if (args.includes("--json")) terminal.note(errorJson(told));
  else for (const line of errorLines(told, terminal.style)) terminal.note(line);
  return told.exitCode;
}
