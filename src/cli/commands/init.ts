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
    summary: "Create a project with a workflow and its types",
    examples: ["init purchase", "init"],
  })
    .argument("[folder]", "project folder, created if missing", ".")
    .action(async (folder: string, options: CommonOptions) => {
      const target = resolve(cli.folder, folder);
      const files = await projectFiles(target);
      const taken = Object.keys(files).filter((path) => existsSync(join(target, path)));
      if (taken.length > 0) {
        throw usageError(
          `Cannot create a project in ${target}: ${taken.join(", ")} already exist`,
          "Choose another folder, or add types to an existing project with `npx duranium types`",
        );
      }
      for (const [path, text] of Object.entries(files)) await write(join(target, path), text);
      await writeTypes(join(target, typesFolder));
      await packDuranium(join(target, vendorFolder));
      const written = [...Object.keys(files), typesFolder, vendorFolder];
      show(cli, options, { folder: target, files: written }, () => [
        `Created ${target}: ${written.join(", ")}`,
        "",
        "Next:",
        ...(target === cli.folder ? [] : [`  cd ${relative(cli.folder, target)}`]),
        ...nextCommands.map(([line, comment]) => `  ${line.padEnd(commandWidth)}  # ${comment}`),
      ]);
    });
}

const nextCommands = [
  ["npm install", "installs this command and TypeScript"],
  ["npx duranium dev --payload '\"Ada\"'", "runs it locally, again after every change"],
  ["npx duranium deploy", "deploys it to the server"],
] as const;
const commandWidth = Math.max(...nextCommands.map(([line]) => line.length));

function typesCommand(cli: Cli): Command {
  return command("types", {
    summary: "Write or update the workflow types in a folder",
    examples: ["types", "types src/types"],
  })
    .argument("[folder]", "target folder", typesFolder)
    .action(async (folder: string, options: CommonOptions) => {
      const target = resolve(cli.folder, folder);
      const files = await writeTypes(target);
      show(cli, options, { folder: target, files }, () => [`Wrote ${files.join(", ")} to ${target}`]);
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

/** Where a project keeps the Duranium package that created it, so that a clone needs no other source. */
const vendorFolder = "vendor";

/** An installed package already contains everything that a checkout builds before packing. */
async function packDuranium(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const isCheckout = existsSync(join(duranium, "scripts/prepack.ts"));
  const args = ["pack", duranium, "--pack-destination", target, "--silent"];
  try {
    await promisify(execFile)("npm", isCheckout ? args : [...args, "--ignore-scripts"], { cwd: target });
  } catch (cause) {
    const { stderr } = cause as { readonly stderr?: string };
    throw new CliError(`Cannot pack Duranium into ${target}: ${stderr?.trim() || String(cause)}`, {
      hint: "Check that `npm` is installed and that the folder is writable",
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
      // For `duranium start`, which runs its own Restate server.
      "@restatedev/restate-server": devDependencies["@restatedev/restate-server"],
      // Duranium is not in a registry: the project contains the package that created it.
      duranium: `file:${vendorFolder}/duranium-${version}.tgz`,
      typescript: devDependencies["typescript"],
    },
    // Without this, npm would compile packages that ship compiled. It reads this only from the project's manifest.
    allowScripts,
  };
  return {
    "package.json": json(manifest),
    "tsconfig.json": json(await compilerSettings()),
    "workflow.ts": workflow,
    ".gitignore": "node_modules/\ndata/\n",
    // npm on an older Node warns about packages that need a newer one, although the pinned Node is one of them.
    ".npmrc": "loglevel=error\n",
  };
}

/** The compiler settings of the types package, with the paths of this project. */
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

/** Greets twice. Stop the server while it sleeps: after a restart it continues where it was. */
export async function run(ctx: WorkflowContext, name: string) {
  console.log("started", name);
  await ctx.sleep("3s");
  return { greetings: [\`Hello, \${name}.\`, \`Hello again, \${name}.\`] };
}
`;
