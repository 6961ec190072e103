import type { Webhook } from "#client";
import { Option } from "commander";
import type { Command } from "commander";
import { webhookPayloads, webhookSchemes } from "../../domain/webhook.ts";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { readHidden } from "../shared/input.ts";

/** `webhooks list | create | rotate | delete` */
export function webhookCommands(cli: Cli): Command {
  return group("webhooks", "Secret addresses that execute a workflow", [
    listCommand(cli),
    createCommand(cli),
    rotateCommand(cli),
    deleteCommand(cli),
  ]);
}

function listCommand(cli: Cli): Command {
  return command("list", {
    summary: "List the webhooks of a workflow, without their addresses",
    examples: ["webhooks list purchase"],
  })
    .argument("<workflow>")
    .action(async (workflowId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const { items } = await client.get("/workflows/{workflowId}/webhooks", {
        params: { path: { workflowId } },
      });
      show(cli, options, items, () =>
        items.length === 0 ? ["There are none: `npx duranium webhooks create` makes one."] : rows(items),
      );
    });
}

function rows(items: readonly Webhook[]): readonly string[] {
  return table(
    ["webhook", "scheme", "payload", "entry point", "made"],
    items.map(({ id, scheme, payload, entryPoint = "—", createdAt }) => [
      ...[id, scheme, payload, entryPoint].map(printableLine),
      localTime(createdAt),
    ]),
  );
}

type CreateOptions = CommonOptions & Pick<Webhook, "scheme" | "payload" | "entryPoint">;

function createCommand(cli: Cli): Command {
  return command("create", {
    summary: "Make an address that executes a workflow, without a key; it is told this once",
    examples: ["webhooks create purchase", "webhooks create purchase --scheme stripe < signing-secret.txt"],
  })
    .argument("<workflow>")
    .addOption(
      new Option("--scheme <scheme>", "how the sender signs").choices(webhookSchemes).default("none"),
    )
    .addOption(
      new Option("--payload <what>", "what the workflow gets: the body, or the whole request")
        .choices(webhookPayloads)
        .default("body"),
    )
    .option("--entry-point <name>", "what the workflow finds in ctx.entryPoint")
    .addHelpText("after", "\nThe secret that a sender signs with is asked for, or read from standard input.")
    .action(async (workflowId: string, options: CreateOptions) => {
      const { client } = await connected(cli, options);
      const { scheme, payload, entryPoint } = options;
      const created = await client.post("/workflows/{workflowId}/webhooks", {
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
    summary: "Give a webhook another address, told this once; the one before executes nothing any more",
    examples: ["webhooks rotate purchase 0b7ad3c2-… # its id, as `webhooks list` shows it"],
  })
    .argument("<workflow>")
    .argument("<webhook>", "its id")
    .action(async (workflowId: string, webhookId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const rotated = await client.post("/workflows/{workflowId}/webhooks/{webhookId}/rotate", {
        params: { path: { workflowId, webhookId } },
      });
      showAddress(cli, options, rotated);
    });
}

function deleteCommand(cli: Cli): Command {
  return command("delete", {
    summary: "Delete a webhook: its address executes nothing any more",
    examples: ["webhooks delete purchase 0b7ad3c2-…"],
  })
    .argument("<workflow>")
    .argument("<webhook>", "its id")
    .action(async (workflowId: string, webhookId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      await client.delete("/workflows/{workflowId}/webhooks/{webhookId}", {
        params: { path: { workflowId, webhookId } },
      });
      show(cli, options, { deleted: webhookId }, () => [`Deleted ${printableLine(webhookId)}.`]);
    });
}

/** The address is all that standard output has, as a key that was made is. */
function showAddress(cli: Cli, options: CommonOptions, made: { readonly url: string }): void {
  if (options.json !== true) cli.terminal.note("The address is told this once:");
  show(cli, options, made, () => [printableLine(made.url)]);
}
