import type { FailureGroup } from "#client";
import type { Command } from "commander";
import { exitCodes } from "../../output/cli-error.ts";
import { printableLine } from "../../output/printable.ts";
import { refusalLines } from "../../output/refusals.ts";
import { localTime } from "../../output/times.ts";
import { command, connected, group, show } from "../../shared/cli.ts";
import type { Cli, CommonOptions } from "../../shared/cli.ts";
import { parseCount, parseForkVersion } from "../../shared/input.ts";
import type { ForkVersion } from "../../shared/input.ts";
import { firstItems } from "../../shared/pages.ts";

/** `failures list | retry | fork` */
export function failureCommands(cli: Cli): Command {
  return group("failures", "Failures by cause", [listCommand(cli), retryCommand(cli), forkCommand(cli)]);
}

function listCommand(cli: Cli): Command {
  return command("list", {
    summary: "List failures by cause, the one that was seen last first",
    examples: ["failures list", "failures list --workflow purchase --json"],
  })
    .option("--workflow <workflow>", "filter by workflow")
    .option("--limit <count>", "maximum number of items", parseCount, 20)
    .action(async (options: CommonOptions & { readonly workflow?: string; readonly limit: number }) => {
      const { client } = await connected(cli, options);
      const workflow = options.workflow === undefined ? {} : { workflow: options.workflow };
      const items = await firstItems(
        options.limit,
        async (page) => await client.get("/failures", { params: { query: { ...workflow, ...page } } }),
      );
      show(cli, options, items, () => (items.length === 0 ? ["No failures"] : items.flatMap(failureLines)));
    });
}

function failureLines(failure: FailureGroup): readonly string[] {
  const { failureId, workflowId, name, message, at, count, lastSeen, versions, sample } = failure;
  const place = at === undefined ? "" : ` (${at.file}:${at.line})`;
  return [
    `${failureId}  ${workflowId}: ${name}: ${message}${place}`,
    `  ${count} times, last ${localTime(lastSeen)}, versions ${versions.join(", ")}, such as ${sample}`,
  ].map(printableLine);
}

interface RetryOptions extends CommonOptions {
  readonly fromFailedStep?: true;
  readonly currentVersion?: true;
  readonly limit?: number;
}

function retryCommand(cli: Cli): Command {
  return command("retry", {
    summary: "Retry the executions that failed for a cause",
    examples: ["failures retry 9f86d081884c7d65 --current-version"],
  })
    .argument("<failure>", "ID from `failures list`")
    .option("--from-failed-step", "reuse the steps that succeeded")
    .option("--current-version", "use the current version instead of that of each execution")
    .option("--limit <count>", "maximum number of executions", parseCount)
    .action(async (failureId: string, options: RetryOptions) => {
      const { client } = await connected(cli, options);
      const { items } = await client.post("/failures/{failureId}/retry", {
        params: { path: { failureId } },
        body: {
          from: options.fromFailedStep === true ? "failed-step" : "start",
          version: options.currentVersion === true ? "current" : "same",
          ...(options.limit === undefined ? {} : { limit: options.limit }),
        },
      });
      const refused = items.filter(({ error }) => error !== undefined);
      if (refused.length > 0) cli.exitWith(exitCodes.failed);
      show(cli, options, items, () => [
        `Retried ${items.length - refused.length} of ${items.length} executions`,
        ...refusalLines(refused),
      ]);
    });
}

interface ForkOptions extends CommonOptions {
  readonly version: ForkVersion;
  readonly dryRun?: true;
  readonly limit?: number;
}

function forkCommand(cli: Cli): Command {
  return command("fork", {
    summary: "Fork the executions that failed for a cause, each from where it failed",
    examples: ["failures fork 9f86d081884c7d65 --dry-run", "failures fork 9f86d081884c7d65 --version 8"],
  })
    .argument("<failure>", "ID from `failures list`")
    .option("--version <version>", "same, current or a number", parseForkVersion, "current")
    .option("--dry-run", "check it, and start nothing")
    .option("--limit <count>", "maximum number of executions", parseCount)
    .action(async (failureId: string, options: ForkOptions) => {
      const { client } = await connected(cli, options);
      const { items } = await client.post("/failures/{failureId}/fork", {
        params: { path: { failureId } },
        body: {
          version: options.version,
          ...(options.dryRun === undefined ? {} : { dryRun: options.dryRun }),
          ...(options.limit === undefined ? {} : { limit: options.limit }),
        },
      });
      const refused = items.filter(({ error }) => error !== undefined);
      if (refused.length > 0) cli.exitWith(exitCodes.failed);
      const forked = options.dryRun === true ? "Would fork" : "Forked";
      show(cli, options, items, () => [
        `${forked} ${items.length - refused.length} of ${items.length} executions`,
        ...refusalLines(refused),
      ]);
    });
}
