import type { Execution, ExecutionStatus, LogLine } from "#client";
import type { Command } from "commander";
import { exitCodes, usageError } from "../output/cli-error.ts";
import { executionLines, logText, statusText } from "../output/execution-text.ts";
import { printableJson, printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { collect, confirm, parseCount, parseForkVersion, readJson } from "../shared/input.ts";
import type { ForkVersion } from "../shared/input.ts";
import { firstItems } from "../shared/pages.ts";
import { indexOfStep, withIndexes } from "../shared/step-numbers.ts";
import { filterQuery, operateMany, withFilter } from "../shared/bulk-executions.ts";
import type { BulkOptions, FilterOptions } from "../shared/bulk-executions.ts";

/** `executions list | show | logs | cancel | pause | resume | reschedule | retry | fork | purge` */
export function executionCommands(cli: Cli): Command {
  return group("executions", "Executions", [
    listCommand(cli),
    showCommand(cli),
    logsCommand(cli),
    ...(["cancel", "pause", "resume"] as const).map((verb) => verbCommand(cli, verb)),
    rescheduleCommand(cli),
    retryCommand(cli),
    forkCommand(cli),
    purgeCommand(cli),
  ]);
}

/** `events send` */
export function eventCommands(cli: Cli): Command {
  return group("events", "Events", [sendCommand(cli)]);
}

interface ListOptions extends FilterOptions {
  readonly limit: number;
}

function listCommand(cli: Cli): Command {
  const list = command("list", {
    summary: "List executions, newest first",
    examples: ["executions list", "executions list --workflow purchase --status failed --json"],
  });
  return withFilter(list)
    .option("--limit <count>", "maximum number of items", parseCount, 20)
    .action(async (options: ListOptions) => {
      const { client } = await connected(cli, options);
      const filter = filterQuery(options);
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
  const examples = [`executions ${verb} inv_1aBcD…`, `executions ${verb} --workflow purchase --created 1h`];
  return ofMany(command(verb, { summary, examples })).action(
    async (executionId: string | undefined, options: BulkOptions) => {
      if (executionId === undefined) return await operateMany(cli, verb, options);
      assertUnfiltered(options);
      const { client } = await connected(cli, options);
      const params = { path: { executionId } };
      const answer = await client.post(`/executions/{executionId}/${verb}`, { params });
      show(cli, options, answer ?? { executionId }, () => [said]);
    },
  );
}

/** A command on one execution, or on all that its options select. */
function ofMany(each: Command): Command {
  return withFilter(each.argument("[execution]", "ID; without it, the options select executions")).option(
    "--yes",
    "skip the confirmation",
  );
}

/** @throws {CliError} */
function assertUnfiltered(options: BulkOptions): void {
  if (Object.keys(filterQuery(options)).length > 0)
    throw usageError(
      "Both an execution and a filter given",
      "Name an execution, or select several with a filter",
    );
}

function rescheduleCommand(cli: Cli): Command {
  return command("reschedule", {
    summary: "Change the time of a scheduled execution",
    examples: ["executions reschedule inv_1aBcD… 2026-12-24T18:00:00Z"],
  })
    .argument("<execution>")
    .argument("<time>", "when it starts, with a time zone")
    .action(async (executionId: string, time: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const moved = await client.patch("/executions/{executionId}", {
        params: { path: { executionId } },
        body: { scheduledAt: time },
      });
      show(cli, options, moved, () => [
        moved.executionId === executionId
          ? "Execution rescheduled"
          : `Execution rescheduled as ${printableLine(moved.executionId)}`,
      ]);
    });
}

function retryCommand(cli: Cli): Command {
  const retry = command("retry", {
    summary: "Execute the same input again, from the start or from the failed step",
    examples: [
      "executions retry inv_1aBcD… --from failed-step",
      "executions retry --workflow purchase --status failed --created 24h --current",
    ],
  });
  return ofMany(retry)
    .option("--from <place>", "start or failed-step", "start")
    .option("--current", "use the current version instead of the same one")
    .action(async (executionId: string | undefined, options: BulkOptions) => {
      const { from = "start" } = options;
      if (from !== "start" && from !== "failed-step")
        throw usageError(`Invalid value "${String(from)}" of --from`, "Use start or failed-step");
      if (executionId === undefined) return await operateMany(cli, "retry", options);
      assertUnfiltered(options);
      const { client } = await connected(cli, options);
      const retried = await client.post("/executions/{executionId}/retry", {
        params: { path: { executionId } },
        body: { from, version: options.current === true ? "current" : "same" },
      });
      show(cli, options, retried, () => [`Retry started: ${printableLine(retried.executionId)}`]);
    });
}

interface ForkOptions extends CommonOptions {
  readonly fromStep?: number;
  readonly version: ForkVersion;
  readonly payload?: string;
  readonly answers?: string;
  readonly dryRun?: true;
}

function forkCommand(cli: Cli): Command {
  return command("fork", {
    summary: "Start a new execution with the results of another one up to a step",
    examples: [
      "executions fork inv_1aBcD… --version current",
      `executions fork inv_1aBcD… --from-step 5 --answers '[{ "step": 5, "status": 200, "body": "{}" }]'`,
    ],
  })
    .argument("<execution>")
    .option(
      "--from-step <number>",
      "step that runs again, as numbered by `executions show`; by default the one that failed",
      parseCount,
    )
    .option("--version <version>", "same, current or a number", parseForkVersion, "same")
    .option("--payload <payload>", "other payload: JSON, @file, or - for standard input")
    .option("--answers <answers>", "list of results that replace those of steps: JSON, @file, or -")
    .option("--dry-run", "check the request and start nothing")
    .action(async (executionId: string, options: ForkOptions) => {
      const { fromStep, version, payload, answers, dryRun } = options;
      const { client } = await connected(cli, options);
      const params = { path: { executionId } };
      const given = answers === undefined ? undefined : await readJson(cli, answers, "answers");
      const isNumbered = fromStep !== undefined || given !== undefined;
      const { steps } = isNumbered
        ? await client.get("/executions/{executionId}", { params })
        : { steps: [] };
      const body = {
        ...(fromStep === undefined ? {} : { fromStep: indexOfStep(steps, fromStep) }),
        version,
        ...(payload === undefined ? {} : { payload: await readJson(cli, payload, "payload") }),
        ...(given === undefined ? {} : { answers: withIndexes(given, steps) as [] }),
        ...(dryRun === undefined ? {} : { dryRun }),
      };
      const forked = await client.post("/executions/{executionId}/fork", { params, body });
      show(cli, options, forked, () => [
        forked.executionId === undefined
          ? `Can be forked on version ${forked.version}`
          : `Fork started: ${printableLine(forked.executionId)}`,
      ]);
    });
}

function purgeCommand(cli: Cli): Command {
  const purge = command("purge", {
    summary: "Delete an ended execution with its input, result, steps and console output",
    examples: [
      "executions purge inv_1aBcD…",
      "executions delete --workflow purchase --status cancelled --yes",
    ],
  });
  return ofMany(purge.alias("delete")).action(
    async (executionId: string | undefined, options: BulkOptions) => {
      if (executionId === undefined) return await operateMany(cli, "delete", options);
      assertUnfiltered(options);
      const { client } = await connected(cli, options);
      await confirm(cli, `Delete ${printableLine(executionId)}?`, options.yes);
      await client.delete("/executions/{executionId}", { params: { path: { executionId } } });
      show(cli, options, { purged: executionId }, () => [`Deleted ${printableLine(executionId)}`]);
    },
  );
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
