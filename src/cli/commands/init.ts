import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Command } from "commander";
import { CliError, usageError } from "../output/cli-error.ts";
import { command, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { slug } from "../shared/slug.ts";

/** `init`, `types` */
export function initCommands(cli: Cli): readonly Command[] {
  return [initCommand(cli), typesCommand(cli)];
}

function initCommand(cli: Cli): Command {
  return command("init", {
    summary: "Make a project: a workflow, its types, and what an editor needs to check it",
    examples: ["init purchase", "init"],
  })
    .argument("[folder]", "which is made where it is not there", ".")
    .action(async (folder: string, options: CommonOptions) => {
      const target = resolve(cli.folder, folder);
      const files = await projectFiles(target);
      const taken = Object.keys(files).filter((path) => existsSync(join(target, path)));
      if (taken.length > 0) {
        throw usageError(
          `${target} already has ${taken.join(", ")}`,
          "Name another folder; `npx duranium types` adds types to a project that is there",
        );
      }
      for (const [path, text] of Object.entries(files)) await write(join(target, path), text);
      await writeTypes(join(target, typesFolder));
      await packDuranium(join(target, vendorFolder));
      const written = [...Object.keys(files), typesFolder, vendorFolder];
      show(cli, options, { folder: target, files: written }, () => [
        `Made ${target}: ${written.join(", ")}.`,
        "",
        "Next:",
        ...(target === cli.folder ? [] : [`  cd ${relative(cli.folder, target)}`]),
        "  npm install                            # this command, and the compiler that checks types",
        "  npx duranium dev --payload '\"Ada\"'      # run it here, again after every change",
        "  npx duranium deploy                    # give it to an installation",
      ]);
    });
}

function typesCommand(cli: Cli): Command {
  return command("types", {
    summary: "Write the types of workflows into a folder, or bring them up to date",
    examples: ["types", "types src/types"],
  })
    .argument("[folder]", "where", typesFolder)
    .action(async (folder: string, options: CommonOptions) => {
      const target = resolve(cli.folder, folder);
      const files = await writeTypes(target);
      show(cli, options, { folder: target, files }, () => [`Wrote ${files.join(", ")} to ${target}.`]);
    });
}

const typesFolder = "types/duranium";
const duranium = fileURLToPath(new URL("../../..", import.meta.url));
const typesSource = join(duranium, "packages/workflow/src");

async function writeTypes(target: string): Promise<readonly string[]> {
  await mkdir(target, { recursive: true });
  const files = await readdir(typesSource);
  for (const file of files) await copyFile(join(typesSource, file), join(target, file));
  return files;
}

/** Where a project has the package of Duranium that it was made with: whoever clones it needs no other source of it. */
const vendorFolder = "vendor";

/** An installed package has what `npm pack` made, so nothing is built there. */
async function packDuranium(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const isCheckout = existsSync(join(duranium, "scripts/prepack.ts"));
  const args = ["pack", duranium, "--pack-destination", target, "--silent"];
  try {
    await promisify(execFile)("npm", isCheckout ? args : [...args, "--ignore-scripts"], { cwd: target });
  } catch (cause) {
    const { stderr } = cause as { readonly stderr?: string };
    throw new CliError(`Cannot pack Duranium into ${target}: ${stderr?.trim() || String(cause)}`, {
      hint: "Check that `npm` is installed, and that the folder can be written",
    });
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: "wx" });
}

async function projectFiles(target: string): Promise<Readonly<Record<string, string>>> {
  const { version, allowScripts, devDependencies } = JSON.parse(
    await readFile(join(duranium, "package.json"), "utf8"),
  ) as {
    readonly version: string;
    readonly allowScripts: Readonly<Record<string, boolean>>;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const manifest = {
    name: slug(basename(target)),
    version: "0.0.0",
    private: true,
    type: "module",
    scripts: { dev: "duranium dev", check: "tsc", deploy: "duranium deploy" },
    devDependencies: {
      // For `duranium start`, which runs a Restate server of its own.
      "@restatedev/restate-server": devDependencies["@restatedev/restate-server"],
      // Duranium is in no registry: the project has the package that made it.
      duranium: `file:${vendorFolder}/duranium-${version}.tgz`,
      typescript: devDependencies["typescript"],
    },
    // Out of a lock file npm would compile what comes compiled. It reads this in the manifest of the project alone.
    allowScripts,
  };
  return {
    "package.json": json(manifest),
    "tsconfig.json": json(await compilerSettings()),
    "workflow.ts": workflow,
    ".gitignore": "node_modules/\ndata/\n",
    // npm on an older Node warns of each package that wants a newer one: the pinned Node is among the packages.
    ".npmrc": "loglevel=error\n",
  };
}

/** Those of the package of the types, with the types from the project's own folder. */
async function compilerSettings(): Promise<object> {
  const { compilerOptions } = JSON.parse(
    await readFile(join(duranium, "packages/workflow/tsconfig.json"), "utf8"),
  ) as { readonly compilerOptions: object };
  const types = [`./${typesFolder}/workflow.d.ts`];
  return {
    compilerOptions: {
      ...compilerOptions,
      types: [],
      paths: { duranium: types, "@duranium/workflow": types },
    },
    exclude: ["node_modules", "data"],
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

const workflow = `import type { WorkflowContext } from "duranium";

/** Greets somebody, twice. Kill the server while it sleeps: it goes on where it was. */
export async function run(ctx: WorkflowContext, name: string) {
  console.log("begun", { execution: ctx.executionId, greeting: name });
  await ctx.sleep("3s");
  return { greetings: [\`Hello, \${name}.\`, \`Hello again, \${name}.\`], at: new Date().toISOString() };
}
`;
