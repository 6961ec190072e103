import type { Command } from "commander";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { collect, readHidden } from "../shared/input.ts";

/** `secrets set | list | delete` */
export function secretCommands(cli: Cli): Command {
  return group("secrets", "Secrets", [setCommand(cli), listCommand(cli), deleteCommand(cli)]);
}

function setCommand(cli: Cli): Command {
  return command("set", {
    summary: "Set a secret; its value is prompted for, or read from standard input",
    examples: [
      "secrets set purchase STRIPE_KEY --host api.stripe.com",
      "secrets set purchase STRIPE_KEY --host api.stripe.com < stripe-key.txt",
    ],
  })
    .argument("<workflow>")
    .argument("<name>", "capital letters, digits and _")
    .requiredOption("--host <host>", "host it may be sent to; repeatable", collect)
    .action(
      async (
        workflowId: string,
        name: string,
        options: CommonOptions & { readonly host: readonly string[] },
      ) => {
        const { client } = await connected(cli, options);
        const secret = await client.put("/workflows/{workflowId}/secrets/{name}", {
          params: { path: { workflowId, name } },
          body: {
            value: await readHidden(cli, `Value of ${printableLine(name)}`, "value"),
            hosts: options.host,
          },
        });
        show(cli, options, secret, () => [
          `Secret ${printableLine(secret.name)} set for ${printableLine(secret.hosts.join(", "))}`,
        ]);
      },
    );
}

function listCommand(cli: Cli): Command {
  return command("list", {
    summary: "List the secrets of a workflow, without their values",
    examples: ["secrets list purchase"],
  })
    .argument("<workflow>")
    .action(async (workflowId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const { items } = await client.get("/workflows/{workflowId}/secrets", {
        params: { path: { workflowId } },
      });
      show(cli, options, items, () =>
        items.length === 0
          ? ["No secrets. Set one with `npx duranium secrets set`"]
          : table(
              ["name", "hosts", "set"],
              items.map(({ name, hosts, updatedAt }) => [
                printableLine(name),
                printableLine(hosts.join(", ")),
                localTime(updatedAt),
              ]),
            ),
      );
    });
}

function deleteCommand(cli: Cli): Command {
  return command("delete", { summary: "Delete a secret", examples: ["secrets delete purchase STRIPE_KEY"] })
    .argument("<workflow>")
    .argument("<name>")
    .action(async (workflowId: string, name: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      await client.delete("/workflows/{workflowId}/secrets/{name}", {
        params: { path: { workflowId, name } },
      });
      show(cli, options, { deleted: name }, () => [`Deleted ${printableLine(name)}`]);
    });
}
