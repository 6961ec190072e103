import type { Webhook } from "#client";
import { Option } from "commander";
import type { Command } from "commander";
import { webhookPayloads, webhookSchemes } from "../../domain/webhook.ts";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { parseCount, readHidden } from "../shared/input.ts";
import { firstItems } from "../shared/pages.ts";

/** `webhooks list | create | rename | deliveries | rotate | delete` */
export function webhookCommands(cli: Cli): Command {
  return group("webhooks", "Webhooks", [
    listCommand(cli),
    createCommand(cli),
    renameCommand(cli),
    deliveriesCommand(cli),
    rotateCommand(cli),
    deleteCommand(cli),
  ]);
}

function listCommand(cli: Cli): Command {
  return command("list", {
    summary: "List the webhooks of a workflow, without their URLs",
    examples: ["webhooks list purchase"],
  })
    .argument("<workflow>")
    .action(async (workflowId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const { items } = await client.get("/workflows/{workflowId}/webhooks", {
        params: { path: { workflowId } },
      });
      show(cli, options, items, () =>
        items.length === 0 ? ["No webhooks. Create one with `npx duranium webhooks create`"] : rows(items),
      );
    });
}

function rows(items: readonly Webhook[]): readonly string[] {
  return table(
    ["webhook", "name", "scheme", "payload", "entry point", "created"],
    items.map(({ id, name = "—", scheme, payload, entryPoint = "—", createdAt }) => [
      ...[id, name, scheme, payload, entryPoint].map(printableLine),
      localTime(createdAt),
    ]),
  );
}

type CreateOptions = CommonOptions & Pick<Webhook, "name" | "scheme" | "payload" | "entryPoint">;

function createCommand(cli: Cli): Command {
  return command("create", {
    summary: "Create a URL that executes a workflow without an API key; it is shown only once",
    examples: ["webhooks create purchase", "webhooks create purchase --scheme stripe < signing-secret.txt"],
  })
    .argument("<workflow>")
    .addOption(
      new Option("--scheme <scheme>", "signature scheme of the sender")
        .choices(webhookSchemes)
        .default("none"),
    )
    .addOption(
      new Option("--payload <what>", "payload of the workflow: the body, or the whole request")
        .choices(webhookPayloads)
        .default("body"),
    )
    .option("--entry-point <name>", "value of ctx.entryPoint")
    .option("--name <name>", "name in lists")
    .addHelpText("after", "\nThe signing secret of the sender is prompted for, or read from standard input.")
    .action(async (workflowId: string, options: CreateOptions) => {
      const { client } = await connected(cli, options);
      const { name, scheme, payload, entryPoint } = options;
      const created = await client.post("/workflows/{workflowId}/webhooks", {
        params: { path: { workflowId } },
        body: {
          scheme,
          payload,
          ...(scheme === "none" ? {} : { secret: await readHidden(cli, "Signing secret", "secret") }),
          ...(entryPoint === undefined ? {} : { entryPoint }),
          ...(name === undefined ? {} : { name }),
        },
      });
      showAddress(cli, options, created);
    });
}

function renameCommand(cli: Cli): Command {
  return command("rename", {
    summary: "Change the name of a webhook",
    examples: ['webhooks rename purchase 0b7ad3c2-… "Stripe, live"'],
  })
    .argument("<workflow>")
    .argument("<webhook>", "webhook ID")
    .argument("<name>", "new name; an empty text removes it")
    .action(async (workflowId: string, webhookId: string, name: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const renamed = await client.patch("/workflows/{workflowId}/webhooks/{webhookId}", {
        params: { path: { workflowId, webhookId } },
        body: { name },
      });
      show(cli, options, renamed, () => [`Renamed ${printableLine(webhookId)}`]);
    });
}

function deliveriesCommand(cli: Cli): Command {
  return command("deliveries", {
    summary: "List the latest requests to a webhook, newest first",
    examples: ["webhooks deliveries purchase 0b7ad3c2-…"],
  })
    .argument("<workflow>")
    .argument("<webhook>", "webhook ID")
    .option("--limit <count>", "maximum number of items", parseCount, 20)
    .action(
      async (workflowId: string, webhookId: string, options: CommonOptions & { readonly limit: number }) => {
        const { client } = await connected(cli, options);
        const path = { workflowId, webhookId };
        const items = await firstItems(
          options.limit,
          async (query) =>
            await client.get("/workflows/{workflowId}/webhooks/{webhookId}/deliveries", {
              params: { path, query },
            }),
        );
        show(cli, options, items, () =>
          items.length === 0
            ? ["No requests"]
            : table(
                ["at", "outcome", "status", "bytes", "execution or error"],
                items.map(({ at, outcome, status, bytes, code, executionId }) => [
                  localTime(at),
                  outcome,
                  String(status),
                  String(bytes),
                  printableLine(executionId ?? code ?? ""),
                ]),
              ),
        );
      },
    );
}

function rotateCommand(cli: Cli): Command {
  return command("rotate", {
    summary: "Replace the URL of a webhook; the new URL is shown only once",
    examples: ["webhooks rotate purchase 0b7ad3c2-… # the ID from `webhooks list`"],
  })
    .argument("<workflow>")
    .argument("<webhook>", "webhook ID")
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
    summary: "Delete a webhook",
    examples: ["webhooks delete purchase 0b7ad3c2-…"],
  })
    .argument("<workflow>")
    .argument("<webhook>", "webhook ID")
    .action(async (workflowId: string, webhookId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      await client.delete("/workflows/{workflowId}/webhooks/{webhookId}", {
        params: { path: { workflowId, webhookId } },
      });
      show(cli, options, { deleted: webhookId }, () => [`Deleted ${printableLine(webhookId)}`]);
    });
}

/** Only the URL goes to standard output, so that scripts can read it. */
function showAddress(cli: Cli, options: CommonOptions, made: { readonly url: string }): void {
  if (options.json !== true) cli.terminal.note("URL (shown only once):");
  show(cli, options, made, () => [printableLine(made.url)]);
}
