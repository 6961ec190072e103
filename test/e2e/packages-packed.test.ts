import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startInstance } from "../support/instance.ts";

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

test("the packages of the client and of the types are installed and used in an empty project, by an older Node as well", async () => {
  await using instance = await startInstance();
  const folder = await mkdtemp(join(tmpdir(), "duranium-packed-"));
  try {
    for (const name of ["client", "workflow"]) {
      await run("npm", ["pack", "--pack-destination", folder], { cwd: join(root, "packages", name) });
    }
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "caller", type: "module" }));
    await writeFile(join(folder, "caller.js"), caller);
    await writeFile(join(folder, "typed.ts"), typed);
    const tarballs = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
    expect(tarballs).toHaveLength(2);
    await run(
      "npm",
      ["install", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs.map((name) => `./${name}`)],
      {
        cwd: folder,
      },
    );
    const environment = { ...process.env, DURANIUM_URL: instance.url, DURANIUM_API_KEY: instance.rootKey };
    for (const node of await nodes()) {
      const { stdout } = await run(node, ["caller.js"], { cwd: folder, env: environment });
      expect(stdout).toBe("workflows: 0\nrefused: workflow-not-found\n");
    }
    const compiler = join(root, "node_modules/.bin/tsc");
    const options = [
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2022",
      "--lib",
      "es2022,dom,esnext.disposable",
    ];
    await expect(run(compiler, [...options, "typed.ts"], { cwd: folder })).resolves.toBeDefined();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** This one, and the machine's own where it has another. */
async function nodes(): Promise<readonly string[]> {
  const path = (process.env["PATH"] ?? "").split(":").filter((each) => !each.includes("node_modules"));
  const { stdout } = await run("sh", ["-c", "command -v node || true"], { env: { PATH: path.join(":") } });
  return [process.execPath, ...new Set([stdout.trim()].filter((each) => each !== ""))];
}
