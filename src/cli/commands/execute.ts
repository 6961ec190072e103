import type { DuraniumClient, Execution } from "#client";
import type { Command } from "commander";
import { CliError, exitCodes } from "../output/cli-error.ts";
import { endOf, logText, outcomeLines, statusText } from "../output/execution-text.ts";
import { printableJson, printableLine } from "../output/printable.ts";
import { InterruptedError } from "../output/terminal.ts";
import { timelineLines } from "../output/timeline.ts";
import { command, connected, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { collect, parseCount, readJson } from "../shared/input.ts";
import { exitCodeOf } from "./executions.ts";

interface ExecuteOptions extends CommonOptions {
  readonly payload: string;
  readonly tag?: readonly string[];
  readonly entryPoint?: string;
  readonly idempotencyKey?: string;
  readonly wait?: true | number;
  readonly follow?: true;
}

/** `execute`: starts an execution, and waits for its end or follows its output on request. */
export function executeCommand(cli: Cli): Command {
  return command("execute", {
    summary: "Execute a workflow",
    examples: [
      `execute purchase --payload '{ "item": "lamp" }' --wait`,
      "execute purchase --payload @order.json --follow",
      "execute purchase --entry-point nightly --idempotency-key 2026-11-26",
    ],
  })
    .argument("<workflow>")
    .option("-p, --payload <json>", "JSON, @file, or - for standard input", "null")
    .option("--entry-point <name>", "value of ctx.entryPoint")
    .option("--tag <tag>", "tag of the execution, by which lists are filtered; repeatable", collect)
    .option("--idempotency-key <key>", "requests with the same key return the first execution")
    .option("-w, --wait [seconds]", "wait for the end, optionally for at most this time", parseCount)
    .option("-f, --follow", "wait and show console output")
    .action(async (workflowId: string, options: ExecuteOptions) => await execute(cli, workflowId, options));
}

async function execute(cli: Cli, workflowId: string, options: ExecuteOptions): Promise<void> {
  const { client } = await connected(cli, options);
  const started = await sendExecute(cli, client, workflowId, options);
  const { executionId } = started;
  if (options.wait === undefined && options.follow === undefined) {
    show(cli, options, started, () => [printableLine(executionId)]);
    return;
  }
  cli.terminal.note(cli.terminal.style("dim", `execution ${printableLine(executionId)}`));
  await untilEnded(cli, client, executionId, options);
  const execution = await client.get("/executions/{executionId}", { params: { path: { executionId } } });
  showOutcome(cli, execution, options);
  cli.exitWith(exitCodeOf(execution.status));
}

async function sendExecute(cli: Cli, client: DuraniumClient, workflowId: string, options: ExecuteOptions) {
  const { entryPoint, idempotencyKey, tag } = options;
  return await client.post("/workflows/{workflowId}/execute", {
    params: {
      path: { workflowId },
      query: {
        ...(entryPoint === undefined ? {} : { "entry-point": entryPoint }),
        ...(tag === undefined ? {} : { tag: tag.join(",") }),
      },
      header: idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
    },
    body: await readJson(cli, options.payload, "payload"),
  });
}

/** The log is followed even without output to a terminal, because the stream ends with the execution. */
async function untilEnded(
  cli: Cli,
  client: DuraniumClient,
  executionId: string,
  { follow, wait, json }: ExecuteOptions,
): Promise<void> {
  const interrupted = cli.interrupted();
  const overdue = typeof wait === "number" ? AbortSignal.timeout(wait * 1_000) : undefined;
  const signal = AbortSignal.any([interrupted, ...(overdue === undefined ? [] : [overdue])]);
  try {
    for await (const event of client.followLogs(executionId, { signal })) {
      if (event.kind !== "line" || follow !== true) continue;
      if (json === true) cli.terminal.note(printableJson(event.line));
      else cli.terminal.print(logText(event.line, cli.terminal.style));
    }
  } catch (error) {
    const goesOn = `It is still running: \`npx duranium executions show ${executionId}\``;
    if (interrupted.aborted) {
      cli.terminal.note(goesOn);
      throw new InterruptedError();
    }
    if (overdue?.aborted !== true) throw error;
    throw new CliError(`The execution did not end within ${wait} s`, {
      exitCode: exitCodes.stillRunning,
      hint: goesOn,
      cause: error,
    });
  }
}

function showOutcome(cli: Cli, execution: Execution, options: ExecuteOptions): void {
  const { terminal } = cli;
  if (options.json !== true && options.follow === true) {
    for (const line of timelineLines(execution.steps, endOf(execution), terminal)) terminal.print(line);
  }
  show(cli, options, execution, () => [
    statusText(execution.status, terminal.style),
    ...outcomeLines(execution, terminal.style).filter((line) => line !== ""),
  ]);
}
