import { readFileSync, readdirSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testEnginesDirectory } from "./support/engine.ts";
import { startExecution, deploy, until, untilEnded } from "./support/executions.ts";
import { startInstance } from "./support/instance.ts";
import type { Instance } from "./support/instance.ts";
import {
  callerTypeErrors,
  fencedBlocks,
  layOutCheckout,
  section,
  temporaryFolder,
  typeErrors,
} from "./support/markdown.ts";
import type { FencedBlock } from "./support/markdown.ts";
import { addPythonEngine } from "./support/python-instance.ts";
import { openTerminal } from "./support/terminal.ts";
import type { Terminal } from "./support/terminal.ts";

/**
 * The guides, done as they are written. `sh` is run, one block after the other; a `ts` or `python` block begins with the
 * name of its file, which is written; `text` is what must have been printed since the last one, line by line, with "…" for
 * whatever. `console` is shown only: it starts servers, or needs a user.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const guides = ["getting-started.md", ...pagesOf("guides"), ...pagesOf("operating")];
const blocksOf = (name: string) => fencedBlocks(readFileSync(join(root, "docs", name), "utf8"));
const fileName = /^(?:\/\/|#) (\S+\.(?:ts|py))\n/;

let instance: Instance;
/** Where the guide to a first workflow makes its project, and installs it. */
let firstPlace: Place;
beforeAll(async () => {
  [instance, firstPlace] = await Promise.all([
    startInstance({ DURANIUM_PACKAGES_DIR: join(root, "node_modules") }),
    temporaryFolder(),
  ]);
});
afterAll(async () => {
  await instance?.[Symbol.asyncDispose]();
  await firstPlace?.[Symbol.asyncDispose]();
});
type Place = Awaited<ReturnType<typeof temporaryFolder>>;

describe("the guides", () => {
  test("show TypeScript that the compiler accepts", async () => {
    const sources = guides.flatMap(blocksOf).flatMap(({ info, text }) => (info === "ts" ? [text] : []));
    const callers = sources.filter((text) => text.includes("@duranium/client"));
    const workflows = sources.filter((text) => !callers.includes(text));
    expect(await typeErrors(workflows)).toBe("");
    expect(await callerTypeErrors(callers)).toBe("");
    expect(workflows.length).toBeGreaterThan(8);
  });

  test("have only code blocks of tested kinds", () => {
    const kinds = new Set(guides.flatMap(blocksOf).map(({ info }) => info));
    expect(
      [...kinds].filter((kind) => !["ts", "python", "sh", "text", "console", "json"].includes(kind)),
    ).toEqual([]);
    const documents = guides.flatMap(blocksOf).filter(({ info }) => info === "json");
    for (const { text } of documents) expect(JSON.parse(text)).toBeTypeOf("object");
    const shown = guides.flatMap(blocksOf).filter(({ info }) => info === "console");
    const variables = shown.flatMap(({ text }) => [...text.matchAll(/DURANIUM_\w+/g)].map(([name]) => name));
    const reference = readFileSync(join(root, "docs/reference/configuration.md"), "utf8");
    expect(variables.filter((name) => !reference.includes(name))).toEqual([]);
  });

  test.for(guides.filter((name) => name !== backupGuide && blocksOf(name).some(({ info }) => info === "sh")))(
    "%s works as written",
    async (name, { skip }) => {
      if (name === pythonGuide && !(await addPythonEngine(instance))) skip("CPython has not been built here");
      if (name === firstGuide) return await walk(name, instance, firstPlace);
      await using place = await temporaryFolder();
      return await walk(name, instance, place);
    },
  );

  test("the README's commands create a project, run it, deploy it and execute it", async () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const [block] = fencedBlocks(section(readme, "Your own project"));
    await using place = await temporaryFolder();
    await layOutCheckout(place.path);
    const { DURANIUM_API_KEY: key, ...environment } = environmentOf(place.path, instance);
    await using terminal = openTerminal({ folder: place.path, environment });
    // A person types the key. The project is the one that the guide has installed.
    const installed = join(firstPlace.path, "greeting/node_modules");
    const commands = block?.text
      .replace(/^npx duranium login$/m, `$& <<< "${key}"`)
      .replace("npm install", `ln -s "${installed}" node_modules`);
    await terminal.run(`${quickNpx}\n${commands}`);
    const output = terminal.output();
    expect(output).toContain("Deployed greeting, version ");
    expect(output.match(/Hello again, Ada\./g)).toHaveLength(2);
    const project = await readFile(join(place.path, "greeting/package.json"), "utf8");
    expect(project).toBe(await readFile(join(firstPlace.path, "greeting/package.json"), "utf8"));
  });

  test("the backup guide restores an installation, with an execution in flight", async () => {
    await using own = await startInstance();
    await deploy(
      own,
      "sleeper",
      `export async function run(ctx) { await ctx.sleep("12s"); return "awake"; }`,
    );
    const executionId = await startExecution(own, "sleeper");
    await until(own, executionId, ({ steps }) => steps.length === 1);
    await using place = await temporaryFolder();
    await walk(backupGuide, own, place);
    await rm(`${own.dataDir}.old`, { recursive: true });
    expect(await untilEnded(own, executionId)).toMatchObject({ status: "completed", result: "awake" });
  });
});

const backupGuide = "operating/backup-and-restore.md";
const pythonGuide = "guides/python.md";

/**
 * The one that has the real `npx`, which takes a second of processor time each time, in as many blocks: one in the
 * checkout, and one in the project that it installs.
 */
const firstGuide = "getting-started.md";
const realBlocks = 2;
const quickNpx = `npx() {
  local name=$1; shift
  if [ -e "node_modules/.bin/$name" ]; then "node_modules/.bin/$name" "$@"; else node "${root}bin/$name.js" "$@"; fi
}`;

/** The pages of a folder of `docs`. */
function pagesOf(folder: string): readonly string[] {
  const names = readdirSync(join(root, "docs", folder)).filter((name) => name.endsWith(".md"));
  return names.map((name) => `${folder}/${name}`);
}

/** Does what a guide says, in a folder that is laid out as a checkout is. */
async function walk(name: string, on: Instance, place: Place): Promise<void> {
  await layOutCheckout(place.path);
  await using terminal = openTerminal({ folder: place.path, environment: environmentOf(place.path, on) });
  let seen = 0;
  let commands = 0;
  for (const block of blocksOf(name)) {
    if (block.info === "sh" && commands++ === (name === firstGuide ? realBlocks : 0))
      await terminal.run(quickNpx);
    await follow(block, { terminal, place: place.path, on });
    if (block.info !== "text") continue;
    const printed = terminal.output();
    expectLines(printed.slice(seen), block.text);
    seen = printed.length;
  }
}

interface Walk {
  readonly terminal: Terminal;
  readonly place: string;
  readonly on: Instance;
}

async function follow({ info, text }: FencedBlock, { terminal, place, on }: Walk): Promise<void> {
  if (info === "ts" || info === "python") {
    await terminal.run(`pwd > "${place}/.here"`);
    const here = readFileSync(join(place, ".here"), "utf8").trim();
    await writeFile(join(here, fileName.exec(text)?.[1] ?? "unnamed.ts"), text);
  } else if (info === "sh") {
    // What stops and starts the server is for the test to do, as it is in another terminal.
    const isDown = /^# stop it|^npx duranium start$/m.test(text);
    if (isDown) await on.stop();
    await terminal.run(text.replace(/^npx duranium start$/m, ""));
    if (isDown) await on.start();
  }
}

function environmentOf(place: string, on: Instance): Record<string, string> {
  return {
    XDG_CONFIG_HOME: join(place, "config"),
    DURANIUM_URL: on.url,
    DURANIUM_API_KEY: on.rootKey,
    DURANIUM_DATA_DIR: on.dataDir,
    DURANIUM_ENGINES_DIR: testEnginesDirectory,
    PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
  };
}

/** Each line, in any order; "…" stands for anything. */
function expectLines(printed: string, wanted: string): void {
  for (const line of wanted.split("\n").filter((each) => each.trim() !== "")) {
    const pattern = line.split("…").map((part) => RegExp.escape(part.trim()));
    expect(printed).toMatch(new RegExp(pattern.join(".*")));
  }
}
