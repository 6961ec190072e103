import { createClient } from "#client";
import type { Command } from "commander";
import { usageError } from "../output/cli-error.ts";
import { printableLine } from "../output/printable.ts";
import { command, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { defaultUrl, parseUrl } from "../shared/connection.ts";
import { loginFile, removeLogin, writeLogin } from "../shared/credentials.ts";

/** `login`, `logout` */
export function loginCommands(cli: Cli): readonly Command[] {
  return [loginCommand(cli), logoutCommand(cli)];
}

function loginCommand(cli: Cli): Command {
  return command("login", {
    summary: "Save the server URL and API key; the key is prompted for, or read from standard input",
    examples: [
      "login",
      "login --url https://duranium.example.com",
      "login --url http://127.0.0.1:3000 < key.txt",
    ],
  }).action(async (options: CommonOptions) => {
    const { terminal, environment } = cli;
    const url = parseUrl(options.url ?? (await askUrl(cli)));
    if (isOverheard(url)) terminal.note("Warning: the key is sent unencrypted. Use https.");
    const key = terminal.isInteractive
      ? await terminal.ask("API key: ", { hidden: true })
      : (await terminal.readInput("key")).trim();
    if (key === "") throw usageError("No API key given", "The first start of an installation prints one");
    if (!/^[\x21-\x7e]+$/.test(key))
      throw usageError("Invalid API key: it contains spaces or other invalid characters");
    const session = await createClient({ baseUrl: url, key }).get("/session");
    const file = loginFile(environment);
    await writeLogin(file, { url, key });
    show(cli, options, { url, name: session.name, file }, () => [
      `Logged in to ${url} as ${printableLine(session.name)}. The key is stored in ${file}, readable only by you.`,
    ]);
  });
}

function logoutCommand(cli: Cli): Command {
  return command("logout", { summary: "Delete the saved URL and key", examples: ["logout"] }).action(
    async (options: CommonOptions) => {
      const wasThere = await removeLogin(loginFile(cli.environment));
      show(cli, options, { loggedOut: wasThere }, () => [
        wasThere ? "Logged out. The key is still valid: revoke it if it is no longer used." : "Not logged in",
      ]);
    },
  );
}

async function askUrl({ terminal, environment }: Cli): Promise<string> {
  const usual = environment["DURANIUM_URL"] ?? defaultUrl;
  if (!terminal.isInteractive) return usual;
  const answer = await terminal.ask(`Server URL [${usual}]: `);
  return answer === "" ? usual : answer;
}

/** True if requests to this URL leave the machine unencrypted. */
function isOverheard(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
