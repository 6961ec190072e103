import { readFile, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { InstalledEngine } from "#client";
import type { Command } from "commander";
import { inMiB } from "../../base/binary-units.ts";
import { languageNames } from "../../domain/engines/language.ts";
import { maxEngineFileBytes } from "../../domain/engines/limits.ts";
import { messageOf } from "../../domain/errors.ts";
import { CliError, exitCodes, usageError } from "../output/cli-error.ts";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import type { Connection } from "../shared/connection.ts";

/** `engines list | add | import | export | remove` */
export function engineCommands(cli: Cli): Command {
  return group("engines", "Engines of languages, which run workflows", [
    listCommand(cli),
    addCommand(cli),
    importCommand(cli),
    exportCommand(cli),
    removeCommand(cli),
  ]);
}

function listCommand(cli: Cli): Command {
  return command("list", {
    summary: "List the engines of the installation",
    examples: ["engines list"],
  }).action(async (options: CommonOptions) => {
    const { client } = await connected(cli, options);
    const { items } = await client.get("/engines");
    show(cli, options, items, () =>
      table(
        ["language", "version", "digest", "size", "versions", "added", "by"],
        items.map((engine) => [
          `${engine.language}${engine.current ? " (current)" : ""}`,
          printableLine(engine.languageVersion),
          engine.digest.slice(0, 12),
          inMiB(engine.bytes),
          String(engine.versionsInUse),
          engine.builtIn ? "with the release" : localTime(engine.addedAt),
          printableLine(engine.addedBy ?? ""),
        ]),
      ),
    );
  });
}

interface AddOptions extends CommonOptions {
  readonly output?: string;
  readonly buildDir?: string;
  readonly mirror?: string;
}

function addCommand(cli: Cli): Command {
  return command("add", {
    summary: "Build the engine of a language on this machine, and add it to the installation",
    examples: ["engines add python", "engines add python --output python.engine # builds only"],
  })
    .argument("<language>", "python")
    .option("--output <file>", "write the engine to a file and do not contact a server")
    .option("--build-dir <folder>", "folder of the build, which continues there if it was interrupted")
    .option("--mirror <url>", "mirror of Debian's archive; defaults to that of this machine's apt")
    .action(async (language: string, options: AddOptions) => {
      if (language !== "python")
        throw usageError(`No engine can be built for "${printableLine(language)}"`, "Use python");
      const connection = options.output === undefined ? await connected(cli, options) : undefined;
      const built = await buildPython(cli, options);
      if (connection === undefined) {
        await writeFile(resolve(cli.folder, options.output ?? ""), built.bytes);
        const { digest, languageVersion } = built;
        return show(cli, options, { digest, languageVersion }, () => [
          `Built the ${describe({ language, languageVersion, digest })}`,
        ]);
      }
      const added = await importEngine(connection.client, built.bytes);
      show(cli, options, added, () => [`Added the ${describe(added)}`]);
    });
}

/** Loaded for this command only: no other one needs the tools of the build. */
async function buildPython(cli: Cli, { buildDir, mirror }: AddOptions) {
  const { buildPythonEngine } = await import("../../sandbox/engine/python/build-engine-file.ts");
  try {
    return await buildPythonEngine({
      directory: buildDir === undefined ? undefined : resolve(cli.folder, buildDir),
      mirror,
      onProgress: (line) => cli.terminal.note(printableLine(line)),
      signal: cli.interrupted(),
    });
  } catch (cause) {
    throw new CliError(`Cannot build the Python engine: ${messageOf(cause)}`, { cause });
  }
}

function importCommand(cli: Cli): Command {
  return command("import", {
    summary: "Add the engine in a file; new versions of its language get it",
    examples: ["engines import python.engine"],
  })
    .argument("<file>", "file of `engines export` or `engines add`")
    .action(async (file: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const added = await importEngine(client, await readEngineFile(resolve(cli.folder, file)));
      show(cli, options, added, () => [`Added the ${describe(added)}`]);
    });
}

/** Sends an engine file to the server. */
async function importEngine(client: Connection["client"], file: Uint8Array): Promise<InstalledEngine> {
  return await client.post("/engines", {
    body: new Blob([Uint8Array.from(file)]),
    headers: { "content-type": "application/octet-stream" },
  });
}

async function readEngineFile(path: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path);
    if (bytes.length <= maxEngineFileBytes) return bytes;
  } catch (cause) {
    throw usageError(`Cannot read ${printableLine(path)}: ${messageOf(cause)}`);
  }
  throw usageError(
    `${printableLine(basename(path))} is no engine: it has more than ${maxEngineFileBytes} bytes`,
  );
}

interface ExportOptions extends CommonOptions {
  readonly output?: string;
}

function exportCommand(cli: Cli): Command {
  return command("export", {
    summary: "Write an engine to a file, for other installations",
    examples: ["engines export python > python.engine", "engines export python --output python.engine"],
  })
    .argument("<engine>", "language, or the digest or its beginning")
    .option("--output <file>", "defaults to the standard output")
    .action(async (name: string, options: ExportOptions) => {
      const { client } = await connected(cli, options);
      const engine = await findEngine(client, name);
      const content: unknown = await client.get("/engines/{digest}/content", {
        params: { path: { digest: engine.digest } },
        parseAs: "arrayBuffer",
      });
      const bytes = new Uint8Array(content as ArrayBuffer);
      if (options.output === undefined) return await cli.terminal.printBytes(bytes, "engine");
      await writeFile(resolve(cli.folder, options.output), bytes);
      show(cli, options, engine, () => [`Wrote the ${describe(engine)}`]);
    });
}

function removeCommand(cli: Cli): Command {
  return command("remove", {
    summary: "Remove an engine that no version needs",
    examples: ["engines remove 4c1f0a72 # the beginning of a digest from `engines list`"],
  })
    .argument("<engine>", "language, or the digest or its beginning")
    .action(async (name: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const engine = await findEngine(client, name);
      await client.delete("/engines/{digest}", { params: { path: { digest: engine.digest } } });
      show(cli, options, { removed: engine.digest }, () => [`Removed the ${describe(engine)}`]);
    });
}

/** @throws {CliError} if no engine, or more than one, has the name */
async function findEngine(client: Connection["client"], name: string): Promise<InstalledEngine> {
  const { items } = await client.get("/engines");
  const ofLanguage = items.filter(({ language, current }) => language === name && current);
  const found = ofLanguage.length > 0 ? ofLanguage : items.filter(({ digest }) => digest.startsWith(name));
  const [engine, second] = found;
  if (engine !== undefined && second === undefined) return engine;
  const reason = engine === undefined ? "No engine is" : "More than one engine is";
  throw new CliError(`${reason} "${printableLine(name)}"`, {
    exitCode: exitCodes.notFound,
    code: "engine-not-found",
    hint: "List the engines with `npx duranium engines list`",
  });
}

function describe({
  language,
  languageVersion,
  digest,
}: Pick<InstalledEngine, "language" | "languageVersion" | "digest">): string {
  return `${languageNames[language]} engine ${printableLine(languageVersion)} (${digest.slice(0, 12)})`;
}
