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
  return group("executions", "What runs, and what has run", [
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
  return group("events", "What others tell an execution", [sendCommand(cli)]);
}

interface ListOptions extends CommonOptions {
  readonly workflow?: string;
  readonly status?: ExecutionStatus;
  readonly version?: number;
  readonly entryPoint?: string;
  readonly limit: number;
}

function listCommand(cli: Cli): Command {
  return command("list", {
    summary: "List executions, the newest first",
    examples: ["executions list", "executions list --workflow purchase --status failed --json"],
  })
    .option("--workflow <workflow>", "only those of one workflow")
    .option("--status <status>", "only those with it: running, suspended, completed, failed…")
    .option("--version <version>", "only those of one version", parseCount)
    .option("--entry-point <name>", "only those of one entry point")
    .option("--limit <count>", "how many at most", parseCount, 20)
    .action(async (options: ListOptions) => {
      const { client } = await connected(cli, options);
      const { workflow, status, version, entryPoint } = options;
      const filter = {
        ...(workflow === undefined ? {} : { workflow }),
        ...(status === undefined ? {} : { status }),
        ...(version === undefined ? {} : { version }),
        ...(entryPoint === undefined ? {} : { "entry-point": entryPoint }),
      };
      const items = await firstItems(
        options.limit,
        async (page) => await client.get("/executions", { params: { query: { ...filter, ...page } } }),
      );
      show(cli, options, items, () => (items.length === 0 ? ["There are none."] : rows(items, cli)));
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
  // The status is last: what has colours has no width.
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
    summary: "Show an execution: its timeline, and what came of it",
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
    summary: "Show what an execution wrote to its console",
    examples: [
      "executions logs inv_1aBcD… --follow",
      "executions logs inv_1aBcD… --level warn --level error",
    ],
  })
    .argument("<execution>")
    .option("-f, --follow", "go on until it has ended")
    .option("--level <level>", "only lines of it: debug, info, warn or error; can be given again", collect)
    .option("--limit <count>", "how many lines at most, without --follow", parseCount, 1_000)
    .addHelpText("after", "\nWith --json each line is one JSON document.")
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
    summary: "End an execution, after it had time to clean up",
    said: "It is asked to end.",
  },
  pause: { summary: "Stop an execution where it is, until it is resumed", said: "It is asked to stop." },
  resume: {
    summary: "Let a paused execution go on, or one that waits for its next attempt try at once",
    said: "It goes on.",
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
    summary: "Execute the same input again, or go on at the step that failed",
    examples: ["executions retry inv_1aBcD… --from failed-step", "executions retry inv_1aBcD… --current"],
  })
    .argument("<execution>")
    .option("--from <place>", "start, or failed-step", "start")
    .option("--current", "with the version that is current now, instead of the same")
    .action(async (executionId: string, options: RetryOptions) => {
      const { from } = options;
      if (from !== "start" && from !== "failed-step")
        throw usageError(`--from is start or failed-step, not "${from}"`);
      const { client } = await connected(cli, options);
      const retried = await client.post("/executions/{executionId}/retry", {
        params: { path: { executionId } },
        body: { from, version: options.current === true ? "current" : "same" },
      });
      show(cli, options, retried, () => [`Began ${printableLine(retried.executionId)}.`]);
    });
}

function purgeCommand(cli: Cli): Command {
  return command("purge", {
    summary: "Forget an execution that has ended: its input, result, steps and console lines",
    examples: ["executions purge inv_1aBcD…", "executions purge inv_1aBcD… --yes"],
  })
    .argument("<execution>")
    .option("--yes", "without asking")
    .action(async (executionId: string, options: CommonOptions & { readonly yes?: true }) => {
      const { client } = await connected(cli, options);
      await confirm(cli, `Forget ${printableLine(executionId)}?`, options.yes);
      await client.delete("/executions/{executionId}", { params: { path: { executionId } } });
      show(cli, options, { purged: executionId }, () => [`Forgot ${printableLine(executionId)}.`]);
    });
}

function sendCommand(cli: Cli): Command {
  return command("send", {
    summary: "Hand JSON to `ctx.waitForEvent(name)`, now or later",
    examples: [
      `events send inv_1aBcD… approved '{ "by": "Ada" }'`,
      "events send inv_1aBcD… approved @approval.json",
    ],
  })
    .argument("<execution>")
    .argument("<name>", "of the event")
    .argument("[payload]", "JSON, @file, or - for standard input", "null")
    .action(async (executionId: string, name: string, payload: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const body = await readJson(cli, payload, "payload");
      const sent = await client.post("/executions/{executionId}/events/{name}", {
        params: { path: { executionId, name } },
        body,
      });
      show(cli, options, sent, () => [`Sent ${printableLine(name)}.`]);
    });
}

/** What a command that waited for an execution ends with. */
export function exitCodeOf(status: ExecutionStatus): number {
  return status === "completed" ? exitCodes.done : exitCodes.terminalFailure;
}
