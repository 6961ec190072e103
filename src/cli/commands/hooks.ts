import type { Hook } from "#client";
import { Option } from "commander";
import type { Command } from "commander";
import { hookPayloads, hookSchemes } from "../../domain/hook.ts";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { readHidden } from "../shared/input.ts";

/** `hooks list | create | rotate | delete` */
export function hookCommands(cli: Cli): Command {
  return group("hooks", "Secret addresses that execute a workflow", [
    listCommand(cli),
    createCommand(cli),
    rotateCommand(cli),
    deleteCommand(cli),
  ]);
}

function listCommand(cli: Cli): Command {
  return command("list", {
    summary: "List the hooks of a workflow, without their addresses",
    examples: ["hooks list purchase"],
  })
    .argument("<workflow>")
    .action(async (workflowId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const { items } = await client.get("/workflows/{workflowId}/hooks", {
        params: { path: { workflowId } },
      });
      show(cli, options, items, () =>
        items.length === 0 ? ["There are none: `npx duranium hooks create` makes one."] : rows(items),
      );
    });
}

function rows(items: readonly Hook[]): readonly string[] {
  return table(
    ["hook", "scheme", "payload", "entry point", "made"],
    items.map(({ id, scheme, payload, entryPoint = "—", createdAt }) => [
      ...[id, scheme, payload, entryPoint].map(printableLine),
      localTime(createdAt),
    ]),
  );
}

type CreateOptions = CommonOptions & Pick<Hook, "scheme" | "payload" | "entryPoint">;

function createCommand(cli: Cli): Command {
  return command("create", {
    summary: "Make an address that executes a workflow, without a key; it is told this once",
    examples: ["hooks create purchase", "hooks create purchase --scheme stripe < signing-secret.txt"],
  })
    .argument("<workflow>")
    .addOption(new Option("--scheme <scheme>", "how the sender signs").choices(hookSchemes).default("none"))
    .addOption(
      new Option("--payload <what>", "what the workflow gets: the body, or the whole request")
        .choices(hookPayloads)
        .default("body"),
    )
    .option("--entry-point <name>", "what the workflow finds in ctx.entryPoint")
    .addHelpText("after", "\nThe secret that a sender signs with is asked for, or read from standard input.")
    .action(async (workflowId: string, options: CreateOptions) => {
      const { client } = await connected(cli, options);
      const { scheme, payload, entryPoint } = options;
      const created = await client.post("/workflows/{workflowId}/hooks", {
        params: { path: { workflowId } },
        body: {
          scheme,
          payload,
          ...(scheme === "none" ? {} : { secret: await readHidden(cli, "Secret of the sender", "secret") }),
          ...(entryPoint === undefined ? {} : { entryPoint }),
        },
      });
      showAddress(cli, options, created);
    });
}

function rotateCommand(cli: Cli): Command {
  return command("rotate", {
    summary: "Give a hook another address, told this once; the one before executes nothing any more",
    examples: ["hooks rotate purchase 0b7ad3c2-… # its id, as `hooks list` shows it"],
  })
    .argument("<workflow>")
    .argument("<hook>", "its id")
    .action(async (workflowId: string, hookId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const rotated = await client.post("/workflows/{workflowId}/hooks/{hookId}/rotate", {
        params: { path: { workflowId, hookId } },
      });
      showAddress(cli, options, rotated);
    });
}

function deleteCommand(cli: Cli): Command {
  return command("delete", {
    summary: "Delete a hook: its address executes nothing any more",
    examples: ["hooks delete purchase 0b7ad3c2-…"],
  })
    .argument("<workflow>")
    .argument("<hook>", "its id")
    .action(async (workflowId: string, hookId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      await client.delete("/workflows/{workflowId}/hooks/{hookId}", {
        params: { path: { workflowId, hookId } },
      });
      show(cli, options, { deleted: hookId }, () => [`Deleted ${printableLine(hookId)}.`]);
    });
}

/** The address is all that standard output has, as a key that was made is. */
function showAddress(cli: Cli, options: CommonOptions, made: { readonly url: string }): void {
  if (options.json !== true) cli.terminal.note("The address is told this once:");
  show(cli, options, made, () => [printableLine(made.url)]);
}
