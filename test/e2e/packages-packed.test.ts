import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { testEnginesDirectory } from "../support/engine.ts";
import { startInstance } from "../support/instance.ts";
import { temporaryFolder } from "../support/markdown.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

const caller = `
import { createClient, ProblemError } from "@duranium/client";

const duranium = createClient({ baseUrl: process.env.DURANIUM_URL, key: process.env.DURANIUM_API_KEY });
const { items } = await duranium.get("/workflows");
console.log("workflows:", items.length);
try {
  await duranium.get("/workflows/{workflowId}", { params: { path: { workflowId: "none" } } });
} catch (error) {
  console.log("refused:", error instanceof ProblemError && error.code);
}
`;

const typed = `
import { createClient } from "@duranium/client";
import { retry, type WorkflowContext } from "@duranium/workflow";

export const duranium = createClient({ baseUrl: "http://127.0.0.1:3000", key: "key" });
export async function run(ctx: WorkflowContext, url: string) {
  const { executionId } = await duranium.post("/workflows/{workflowId}/execute", {
    params: { path: { workflowId: ctx.workflowId } },
    body: url,
  });
  return await retry(ctx, async () => executionId.length, { attempts: 2 });
}
`;

/** By name, the folder that each package is packed in. */
const packages = {
  duranium: "",
  "@duranium/client": "packages/client",
  "@duranium/workflow": "packages/workflow",
};

test("the three packages are packed, installed and used in an empty project, also with an older Node", async () => {
  await using instance = await startInstance();
  await using folder = await temporaryFolder();
  const inFolder = { cwd: folder.path, env: { ...process.env, DURANIUM_ENGINES_DIR: testEnginesDirectory } };
  for (const source of Object.values(packages)) {
    await run("npm", ["pack", join(root, source), "--pack-destination", folder.path], inFolder);
  }
  await writeFile(join(folder.path, "package.json"), JSON.stringify({ name: "caller", type: "module" }));
  await writeFile(join(folder.path, "caller.js"), caller);
  await writeFile(join(folder.path, "typed.ts"), typed);
  const tarballs = (await readdir(folder.path)).filter((name) => name.endsWith(".tgz"));
  expect(tarballs).toHaveLength(Object.keys(packages).length);
  const files = tarballs.map((name) => `./${name}`);
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...files], inFolder);

  for (const name of Object.keys(packages)) {
    const installed = await readdir(join(folder.path, "node_modules", name));
    expect(installed).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
  }
  const environment = { ...process.env, DURANIUM_URL: instance.url, DURANIUM_API_KEY: instance.rootKey };
  const asCaller = { cwd: folder.path, env: environment };
  for (const node of await nodes()) {
    const called = await run(node, ["caller.js"], asCaller);
    expect(called.stdout).toBe("workflows: 0\nrefused: workflow-not-found\n");
    const listed = await run(node, ["node_modules/duranium/bin/duranium.js", "workflows", "list"], asCaller);
    expect(listed.stdout).toMatch(/workflow/i);
  }
  const { stdout } = await run("npx", ["--no", "--", "duranium", "--version"], asCaller);
  expect(stdout.trim()).toBe(packageJson.version);
  await expect(run(compiler, [...compilerOptions, "typed.ts"], { cwd: folder.path })).resolves.toBeDefined();
});

const compiler = join(root, "node_modules/.bin/tsc");
const compilerOptions = [
  "--noEmit",
  "--strict",
  "--module",
  "nodenext",
  "--target",
  "es2022",
  "--lib",
  "es2022,dom,esnext.disposable",
];

/** This one, and the machine's own where it has another. */
async function nodes(): Promise<readonly string[]> {
  const path = (process.env["PATH"] ?? "").split(":").filter((each) => !each.includes("node_modules"));
  const { stdout } = await run("sh", ["-c", "command -v node || true"], { env: { PATH: path.join(":") } });
  return [process.execPath, ...new Set([stdout.trim()].filter((each) => each !== ""))];
}
