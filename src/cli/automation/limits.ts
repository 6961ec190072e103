import type { SharedLimit } from "#client";
import type { Command } from "commander";
import { usageError } from "../output/cli-error.ts";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { parseCount } from "../shared/input.ts";

/** `limits list | set | delete` */
export function limitCommands(cli: Cli): Command {
  return group("limits", "Limits that several workflows share", [
    listCommand(cli),
    setCommand(cli),
    deleteCommand(cli),
  ]);
}

function listCommand(cli: Cli): Command {
  return command("list", { summary: "List the shared limits", examples: ["limits list"] }).action(
    async (options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const { items } = await client.get("/limits", {});
      show(cli, options, items, () => (items.length === 0 ? ["No shared limits"] : rows(items)));
    },
  );
}

function rows(limits: readonly SharedLimit[]): readonly string[] {
  return table(
    ["limit", "total", "per key", "rate"],
    limits.map(({ name, limit: { total, perKey, rateLimit } }) => [
      printableLine(name),
      String(total ?? "—"),
      String(perKey ?? "—"),
      rateLimit === undefined ? "—" : `${rateLimit.limit} in ${printableLine(rateLimit.period)}`,
    ]),
  );
}

type SetOptions = CommonOptions & {
  readonly total?: number;
  readonly perKey?: number;
  readonly rate?: string;
};

function setCommand(cli: Cli): Command {
  return command("set", {
    summary: "Set a limit that workflows use by name in their flow control",
    examples: ["limits set postgres --total 20", "limits set mailer --rate 100/PT1M"],
  })
    .argument("<name>")
    .option("--total <slots>", "executions that run at the same time", parseCount)
    .option("--per-key <slots>", "executions with the same key that run at the same time", parseCount)
    .option("--rate <limit/period>", "executions that start in a period")
    .action(async (name: string, { total, perKey, rate, ...options }: SetOptions) => {
      const limit = {
        ...(total === undefined ? {} : { total }),
        ...(perKey === undefined ? {} : { perKey }),
        ...(rate === undefined ? {} : { rateLimit: parseRate(rate) }),
      };
      const { client } = await connected(cli, options);
      const set = await client.put("/limits/{name}", { params: { path: { name } }, body: limit });
      show(cli, options, set, () => rows([set]));
    });
}

function parseRate(text: string): { readonly limit: number; readonly period: string } {
  const [, limit, period] = /^(\d+)\/(\S+)$/.exec(text) ?? [];
  if (limit === undefined || period === undefined)
    throw usageError(`Invalid rate "${text}"`, "Use a number and a duration: 100/PT1M");
  return { limit: Number(limit), period };
}

function deleteCommand(cli: Cli): Command {
  return command("delete", { summary: "Remove a shared limit", examples: ["limits delete postgres"] })
    .argument("<name>")
    .action(async (name: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      await client.delete("/limits/{name}", { params: { path: { name } } });
      show(cli, options, { deleted: name }, () => [`Deleted ${printableLine(name)}`]);
    });
}
