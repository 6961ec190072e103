import type { Execution, ExecutionStatus, LogLine } from "#client";
import type { Command } from "commander";
import { exitCodes, usageError } from "../output/cli-error.ts";
import { executionLines, logText, statusText } from "../output/execution-text.ts";
import { printableJson, printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { collect, confirm, parseCount, readJson } from "../shared/input.ts";
import { firstItems } from "../shared/pages.ts";

/** `executions list | show | logs | cancel | pause | resume | retry | purge` */
export function executionCommands(cli: Cli): Command {
  return group("executions", "Executions", [
    listCommand(cli),
    showCommand(cli),
    logsCommand(cli),
    ...(["cancel", "pause", "resume"] as const).map((verb) => verbCommand(cli, verb)),
    retryCommand(cli),
    purgeCommand(cli),
  ]);
}

/** `events send` */
export function eventCommands(cli: Cli): Command {
  return group("events", "Events", [sendCommand(cli)]);
}

interface ListOptions extends CommonOptions {
  readonly workflow?: string;
  readonly status?: ExecutionStatus;
  readonly version?: number;
  readonly entryPoint?: string;
  readonly tag?: readonly string[];
  readonly search?: string;
  readonly payload?: string;
  readonly limit: number;
}

function listCommand(cli: Cli): Command {
  return command("list", {
    summary: "List executions, newest first",
    examples: ["executions list", "executions list --workflow purchase --status failed --json"],
  })
    .option("--workflow <workflow>", "filter by workflow")
    .option("--status <status>", "filter by status: running, suspended, completed, failed…")
    .option("--version <version>", "filter by version", parseCount)
    .option("--entry-point <name>", "filter by entry point")
    .option("--tag <tag>", "filter by tag; repeatable", collect)
    .option("--search <text>", "filter by the start of the ID, or a part of the error")
    .option("--payload <field>", "filter by a field of the payload: /customer/id:42")
    .option("--limit <count>", "maximum number of items", parseCount, 20)
    .action(async (options: ListOptions) => {
      const { client } = await connected(cli, options);
      const { workflow, status, version, entryPoint, tag, search, payload } = options;
      const filter = {
        ...(workflow === undefined ? {} : { workflow }),
        ...(status === undefined ? {} : { status }),
        ...(version === undefined ? {} : { version }),
        ...(entryPoint === undefined ? {} : { "entry-point": entryPoint }),
        ...(tag === undefined ? {} : { tag: tag.join(",") }),
        ...(search === undefined ? {} : { search }),
        ...(payload === undefined ? {} : { payload }),
      };
      const items = await firstItems(
        options.limit,
        async (page) => await client.get("/executions", { params: { query: { ...filter, ...page } } }),
      );
      show(cli, options, items, () => (items.length === 0 ? ["No executions"] : rows(items, cli)));
    });
}

type Summary = Pick<
  Execution,
  "executionId" | "workflowId" | "version" | "status" | "createdAt" | "entryPoint"
>;

function rows(items: readonly Summary[], { terminal }: Cli): readonly string[] {
  const heads = ["created", "workflow", "version", "execution", "status"];
  const lines = table(
    heads,
    items.map((item) => [
      localTime(item.createdAt),
      printableLine(item.workflowId),
      String(item.version ?? "—"),
      printableLine(item.executionId),
      "",
    ]),
  );
  // The status is last, because colour codes would break the width of the column.
  const width = Math.max(...lines.slice(1).map((line) => line.length));
  return lines.map((line, index) => {
    const item = items[index - 1];
    return item === undefined
      ? terminal.style("dim", line)
      : `${line.padEnd(width)}  ${statusText(item.status, terminal.style)}`;
  });
}

function showCommand(cli: Cli): Command {
  return command("show", {
    summary: "Show an execution with its timeline and outcome",
    examples: ["executions show inv_1aBcD…", "executions show inv_1aBcD… --json"],
  })
    .argument("<execution>")
    .action(async (executionId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const execution = await client.get("/executions/{executionId}", { params: { path: { executionId } } });
      show(cli, options, execution, () => executionLines(execution, cli.terminal));
    });
}

interface LogsOptions extends CommonOptions {
  readonly follow?: true;
  readonly level?: readonly LogLine["level"][];
  readonly limit: number;
}

function logsCommand(cli: Cli): Command {
  return command("logs", {
    summary: "Show the console output of an execution",
    examples: [
      "executions logs inv_1aBcD… --follow",
      "executions logs inv_1aBcD… --level warn --level error",
    ],
  })
    .argument("<execution>")
    .option("-f, --follow", "follow until the execution ends")
    .option("--level <level>", "filter by level: debug, info, warn or error; repeatable", collect)
    .option("--limit <count>", "maximum number of lines without --follow", parseCount, 1_000)
    .addHelpText("after", "\nWith --json, each line is one JSON document.")
    .action(async (executionId: string, options: LogsOptions) => {
      const { client } = await connected(cli, options);
      const { level: levels, json } = options;
      const print = (line: LogLine) =>
        cli.terminal.print(json === true ? printableJson(line) : logText(line, cli.terminal.style));
      if (options.follow === true) {
        const signal = cli.interrupted();
        const events = client.followLogs(executionId, {
          signal,
          ...(levels === undefined ? {} : { levels }),
        });
        for await (const event of events) if (event.kind === "line") print(event.line);
        return;
      }
      const lines = await firstItems(options.limit, async (page) => {
        const query = { ...page, ...(levels === undefined ? {} : { level: levels.join(",") }) };
        return await client.get("/executions/{executionId}/logs", {
          params: { path: { executionId }, query },
        });
      });
      for (const line of lines) print(line);
    });
}

const verbs = {
  cancel: {
    summary: "Cancel an execution, with time to clean up",
    said: "Cancellation requested",
  },
  pause: { summary: "Pause an execution until it is resumed", said: "Pause requested" },
  resume: {
    summary: "Resume a paused execution, or retry now",
    said: "Execution resumed",
  },
} as const;

function verbCommand(cli: Cli, verb: keyof typeof verbs): Command {
  const { summary, said } = verbs[verb];
  return command(verb, { summary, examples: [`executions ${verb} inv_1aBcD…`] })
    .argument("<execution>")
    .action(async (executionId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const params = { path: { executionId } };
      const answer = await client.post(`/executions/{executionId}/${verb}`, { params });
      show(cli, options, answer ?? { executionId }, () => [said]);
    });
}

interface RetryOptions extends CommonOptions {
  readonly from: string;
  readonly current?: true;
}

function retryCommand(cli: Cli): Command {
  return command("retry", {
    summary: "Execute the same input again, from the start or from the failed step",
    examples: ["executions retry inv_1aBcD… --from failed-step", "executions retry inv_1aBcD… --current"],
  })
    .argument("<execution>")
    .option("--from <place>", "start or failed-step", "start")
    .option("--current", "use the current version instead of the same one")
    .action(async (executionId: string, options: RetryOptions) => {
      const { from } = options;
      if (from !== "start" && from !== "failed-step")
        throw usageError(`Invalid value "${from}" of --from`, "Use start or failed-step");
      const { client } = await connected(cli, options);
      const retried = await client.post("/executions/{executionId}/retry", {
        params: { path: { executionId } },
        body: { from, version: options.current === true ? "current" : "same" },
      });
      show(cli, options, retried, () => [`Retry started: ${printableLine(retried.executionId)}`]);
    });
}

function purgeCommand(cli: Cli): Command {
  return command("purge", {
    summary: "Delete an ended execution with its input, result, steps and console output",
    examples: ["executions purge inv_1aBcD…", "executions purge inv_1aBcD… --yes"],
  })
    .argument("<execution>")
    .option("--yes", "skip the confirmation")
    .action(async (executionId: string, options: CommonOptions & { readonly yes?: true }) => {
      const { client } = await connected(cli, options);
      await confirm(cli, `Delete ${printableLine(executionId)}?`, options.yes);
      await client.delete("/executions/{executionId}", { params: { path: { executionId } } });
      show(cli, options, { purged: executionId }, () => [`Deleted ${printableLine(executionId)}`]);
    });
}

function sendCommand(cli: Cli): Command {
  return command("send", {
    summary: "Send a JSON event to `ctx.waitForEvent(name)`",
    examples: [
      `events send inv_1aBcD… approved '{ "by": "Ada" }'`,
      "events send inv_1aBcD… approved @approval.json",
    ],
  })
    .argument("<execution>")
    .argument("<name>", "name of the event")
    .argument("[payload]", "JSON, @file, or - for standard input", "null")
    .action(async (executionId: string, name: string, payload: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const body = await readJson(cli, payload, "payload");
      const sent = await client.post("/executions/{executionId}/events/{name}", {
        params: { path: { executionId, name } },
        body,
      });
      show(cli, options, sent, () => [`Event ${printableLine(name)} sent`]);
    });
}

/** The exit code of a command that waited for an execution. */
export function exitCodeOf(status: ExecutionStatus): number {
  return status === "completed" ? exitCodes.done : exitCodes.terminalFailure;
}
