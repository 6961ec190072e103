import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { appendFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localTime } from "../../src/cli/output/times.ts";
import { moduleOf } from "../../src/sandbox/components/testing/modules.ts";
import { endWithTests } from "../support/end-with-tests.ts";
import { testEnginesDirectory } from "../support/engine.ts";
import { startTarget } from "../support/target.ts";
import { tinyEngine } from "../support/tiny-engine.ts";
import { freePorts } from "../support/free-ports.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { eventTimeoutMs } from "../support/time-limits.ts";

const program = fileURLToPath(new URL("../../bin/duranium.js", import.meta.url));

let instance: Instance;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "duranium-cli-"));
  instance = await sharedInstance();
});

afterAll(async () => {
  await instance?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

function startCommand(args: readonly string[], { cwd = folder, environment }: RunOptions = {}) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: {
      PATH: process.env["PATH"],
      XDG_CONFIG_HOME: join(folder, "config"),
      DURANIUM_ENGINES_DIR: testEnginesDirectory,
      DURANIUM_URL: instance.url,
      DURANIUM_API_KEY: instance.rootKey,
      ...environment,
    },
  });
  return endWithTests(child);
}

/** Runs a command line to its end, with nothing on standard input unless something is given. */
async function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = startCommand(args, options);
  child.stdin.end(options.input ?? "");
  return await ended(child);
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const read = collect(child);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...read() };
}

function collect(child: ChildProcessWithoutNullStreams): () => { stdout: string; stderr: string } {
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  return () => ({ stdout, stderr });
}

/** Runs it with `--json` and answers with what it printed. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into output of every form
async function json(...args: readonly string[]): Promise<any> {
  const { code, stdout, stderr } = await run([...args, "--json"]);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

async function deployText(workflow: string, text: string, options: readonly string[] = []): Promise<void> {
  const path = join(folder, "sources", `${workflow}.ts`);
  await mkdir(join(folder, "sources"), { recursive: true });
  await writeFile(path, text);
  const { code, stderr } = await run(["deploy", path, ...options]);
  if (code !== 0) throw new Error(stderr);
}

async function statusOfPost(url: string): Promise<number> {
  const headers = { "content-type": "application/json" };
  return (await fetch(url, { method: "POST", body: "{}", headers })).status;
}

function waiting(word: string): string {
  return `export async function run(ctx) { const e = await ctx.waitForEvent("go"); return "${word} " + e.by; }`;
}

/** Looks until there is something. It fails before the test times out, and then names what was `seen` last. */
async function until<T>(look: () => Promise<T | undefined> | T | undefined, seen = () => ""): Promise<T> {
  const deadline = performance.now() + eventTimeoutMs;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`What the test waits for did not happen. ${seen()}`);
}

/** An event, or an error that says which one is missing before the test times out. */
async function within<T>(event: Promise<T>, missing: () => string): Promise<T> {
  const timer = Promise.withResolvers<never>();
  const timeout = setTimeout(() => timer.reject(new Error(missing())), eventTimeoutMs);
  return await Promise.race([event, timer.promise]).finally(() => clearTimeout(timeout));
}

describe("log-in", () => {
  const loggedOut = { DURANIUM_API_KEY: "", DURANIUM_URL: "" };

  test("stores the key for this user and this URL only", async () => {
    const login = await run(["login", "--url", `${instance.url}/`], { input: `${instance.rootKey}\n` });
    expect(login).toMatchObject({ code: 0, stdout: expect.stringContaining("as root") as string });
    const file = join(folder, "config/duranium/login.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ url: instance.url, key: instance.rootKey });
    expect((await run(["workflows", "list"], { environment: loggedOut })).code).toBe(0);
    const elsewhere = await run(["workflows", "list", "--url", "http://127.0.0.1:1"], {
      environment: loggedOut,
    });
    expect(elsewhere).toMatchObject({ code: 3, stderr: expect.stringContaining("No API key for") as string });
  });

  test("rejects an invalid key and does not store it", async () => {
    const before = await readFile(join(folder, "config/duranium/login.json"), "utf8");
    const refused = await run(["login", "--url", instance.url], { input: "wrong-key-0123456789abcdef" });
    expect(refused.code).toBe(3);
    expect(await readFile(join(folder, "config/duranium/login.json"), "utf8")).toBe(before);
  });

  test("ends with a log-out", async () => {
    expect((await run(["logout"])).code).toBe(0);
    const { code, stderr } = await run(["workflows", "list"], { environment: loggedOut });
    expect(code).toBe(3);
    expect(stderr).toContain("npx duranium login");
  });
});

describe("a project", () => {
  let project: string;
  beforeAll(async () => {
    project = join(folder, "greeting");
    expect(await json("init", "greeting")).toMatchObject({ folder: project });
  });

  test("is not created over an existing one", async () => {
    expect(await run(["init", "greeting"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("package.json") as string,
    });
  });

  test("has the workflow that the guide shows", async () => {
    const guide = await readFile(new URL("../../docs/getting-started.md", import.meta.url), "utf8");
    const created = await readFile(join(project, "workflow.ts"), "utf8");
    expect(guide).toContain(`\`\`\`ts\n// workflow.ts\n${created}\`\`\``);
  });

  test("does not make npm compile prebuilt packages", async () => {
    const { allowScripts } = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
    expect(allowScripts).toMatchObject({ "better-sqlite3": false, esbuild: false });
  });

  test("passes its type check, which fails for APIs that the sandbox does not have", async () => {
    const compiler = fileURLToPath(new URL("../../node_modules/.bin/tsc", import.meta.url));
    const check = async () => await ended(spawn(compiler, ["-p", project]));
    expect(await check()).toMatchObject({ code: 0 });
    await writeFile(join(project, "page.ts"), "export const title = document.title;\n");
    expect(await check()).toMatchObject({ stdout: expect.stringContaining("'document'") as string });
    await rm(join(project, "page.ts"));
  });

  test("runs locally, without a server and without waiting", async () => {
    const { code, stdout, stderr } = await run(["dev", "--once", "--payload", '"Ada"'], {
      cwd: project,
      environment: { DURANIUM_URL: "http://127.0.0.1:1" },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ sleep +▏█+▕ 3 s[\s\S]*Hello again, Ada\./);
    expect(stderr).toContain("started");
  });

  test("runs again when a file changes, and accepts events from the keyboard", async () => {
    const path = join(project, "waits.ts");
    await writeFile(path, waiting("first"));
    const child = startCommand(["dev", "waits.ts"], { cwd: project });
    const read = collect(child);
    const over = new Promise((resolve) => child.once("close", resolve));
    await until(() => (read().stderr.includes("waiting for event go") ? true : undefined));
    child.stdin.write('event go { "by": "Ada" }\n');
    await until(() => (read().stdout.includes('"first Ada"') ? true : undefined));
    await writeFile(path, `${waiting("second")} }`);
    await until(() => (read().stderr.includes("waits.ts:1:") ? true : undefined));
    await writeFile(path, waiting("second"));
    await until(() => (read().stderr.split("waiting for event go").length === 3 ? true : undefined));
    child.stdin.write('event go { "by": "Bob" }\n');
    await until(() => (read().stdout.includes('"second Bob"') ? true : undefined));
    child.stdin.write("quit\n");
    await over;
    expect(await run(["dev", "waits.ts", "--once"], { cwd: project })).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('The workflow is waiting for input: event "go"') as string,
    });
    await rm(path);
  });

  test("is experimented with on this machine, after a first run with real requests", async () => {
    const path = join(project, "pays.ts");
    const pays = `export async function run(ctx: unknown, url: string) {
      const { ok } = await fetch(url, { method: "POST", body: "42" });
      if (!ok) throw new Error("not paid");
    }`;
    await writeFile(path, pays);
    await using target = await startTarget({ "POST /pay": () => null });
    const payload = ["--payload", JSON.stringify(`${target.url}/pay`), "--allow", "127.0.0.1:*"];
    const failed = await run(["experiment", "fail-each-call", "pays.ts", ...payload], { cwd: project });
    expect(failed).toMatchObject({ code: 0 });
    expect(failed.stdout).toMatch(
      /pays\.ts:2 +POST \S+ +status 500 +fails at pays\.ts:3: Error: not paid\n[^]*2 runs: 2 fail\n$/,
    );
    const crashed = await run(
      ["experiment", "crash-each-step", "pays.ts", ...payload, "--fail-on", "repeats", "--json"],
      { cwd: project },
    );
    expect(crashed.code).toBe(1);
    expect(JSON.parse(crashed.stdout)).toMatchObject({
      reports: [
        { rows: [{ outcome: "same", repeats: [{ times: 1, isIdempotent: false }] }, { repeats: [] }] },
      ],
    });
    expect(target.count("POST /pay")).toBe(2);
    await rm(path);
  });

  test("is deployed with the packages that it imports, and no other files", async () => {
    await mkdir(join(project, "node_modules/tax"), { recursive: true });
    await writeFile(join(project, "node_modules/tax/package.json"), '{"main":"lib.js","version":"1.0.0"}');
    await writeFile(join(project, "node_modules/tax/lib.js"), "exports.rate = () => 7;");
    await writeFile(join(project, "node_modules/tax/unused.js"), "never");
    await writeFile(join(project, ".env"), "SECRET=1");
    await writeFile(
      join(project, "workflow.ts"),
      'import { rate } from "tax"; import { add } from "./lib/add.ts"; export const run = () => add(rate(), 1);',
    );
    await mkdir(join(project, "lib"), { recursive: true });
    await writeFile(join(project, "lib/add.ts"), "export const add = (a: number, b: number) => a + b;");
    const { code, stdout } = await run(["deploy"], { cwd: project });
    expect(stdout).toMatch(/^Deployed greeting, version 1, /);
    expect(code).toBe(0);
    const { body } = await instance.request("GET", "/workflows/greeting/versions/1");
    expect(Object.keys(body.source.files).toSorted()).toEqual([
      "lib/add.ts",
      "node_modules/tax/lib.js",
      "node_modules/tax/package.json",
      "package.json",
      "tsconfig.json",
      "workflow.ts",
    ]);
    // Scripts, dependencies and whatever else a project's manifest has stay where they are.
    expect(JSON.parse(body.source.files["package.json"])).toEqual({ name: "greeting", type: "module" });
    expect(await json("execute", "greeting", "--wait")).toMatchObject({ status: "completed", result: 8 });
    const again = await run(["deploy", project]);
    expect(again.stdout).toMatch(
      /^Deployed greeting, version 2, .*The source is identical to the previous version/,
    );
  });

  test("that is a WebAssembly module runs locally, and is deployed and executed", async () => {
    await writeFile(join(project, "flow.wasm"), await moduleOf());
    const local = await run(["dev", "flow.wasm", "--once"], { cwd: project });
    expect(local).toMatchObject({ code: 0, stdout: expect.stringContaining('"done"') as string });
    const deployed = await run(["deploy", "flow.wasm"], { cwd: project });
    expect(deployed).toMatchObject({ code: 0, stdout: expect.stringContaining("Deployed flow") as string });
    const { code, stdout } = await run(["execute", "flow", "--wait"], { cwd: project });
    expect([code, stdout]).toEqual([0, expect.stringContaining('"done"')]);
    await writeFile(join(project, "flow.wasm"), "(module)");
    const refused = await run(["deploy", "flow.wasm"], { cwd: project });
    expect(refused.stderr).toContain("The file is not WebAssembly");
    await rm(join(project, "flow.wasm"));
  });

  test("that does not compile is rejected with the line before anything is sent", async () => {
    await writeFile(join(project, "broken.ts"), "export function run() {\n  retrun 1;\n}\n");
    const { code, stdout, stderr } = await run(["deploy", "broken.ts"], {
      cwd: project,
      environment: { DURANIUM_URL: "http://127.0.0.1:1" },
    });
    expect([code, stdout]).toEqual([6, ""]);
    expect(stderr).toContain("broken.ts:2:10");
    expect(stderr).toContain("  2 │   retrun 1;\n    │          ^");
    const told = await run(["deploy", "broken.ts", "--json"], { cwd: project });
    expect(JSON.parse(told.stderr)).toMatchObject({
      error: { code: "compile-failed", diagnostics: [{ file: "broken.ts", line: 2 }] },
    });
  });
});

describe("executions", () => {
  beforeAll(async () => {
    await deployText(
      "orders",
      `export async function run(ctx, order) {
        console.log("order", order);
        if (order === "fail") await fetch("http://127.0.0.1:1/no-such-order");
        if (order === "wait") return await ctx.waitForEvent("approved");
        return { order, by: ctx.entryPoint ?? null };
      }`,
    );
  });

  test("are started, listed by their IDs, and shown", async () => {
    const { stdout, code } = await run(["execute", "orders", "--payload", '"lamp"']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^inv_\w+\n$/);
    const id = stdout.trim();
    await until(async () =>
      (await json("executions", "show", id)).status === "completed" ? true : undefined,
    );
    const shown = await run(["executions", "show", id]);
    expect(shown.stdout).toMatch(/^orders v1 {2}completed in /);
    expect((await run(["executions", "logs", id])).stdout).toMatch(/info {2}order lamp\n$/);
    expect(await json("executions", "list", "--workflow", "orders", "--status", "completed")).toMatchObject([
      { executionId: id },
    ]);
  });

  test("accept a payload from standard input or a file, an entry point, and an idempotency key", async () => {
    await writeFile(join(folder, "order.json"), '"sofa"');
    const fromFile = await json(
      "execute",
      "orders",
      "--payload",
      "@order.json",
      "--entry-point",
      "x",
      "--wait",
    );
    expect(fromFile).toMatchObject({ result: { order: "sofa", by: "x" } });
    const piped = await run(["execute", "orders", "--payload", "-", "--wait", "--json"], {
      input: '"chair"',
    });
    expect(JSON.parse(piped.stdout)).toMatchObject({ result: { order: "chair" } });
    const once = ["execute", "orders", "--idempotency-key", "one"];
    expect((await json(...once)).executionId).toBe((await json(...once)).executionId);
  });

  test("that fail end the command with exit code 7, and can be retried", async () => {
    const failed = await run(["execute", "orders", "--payload", '"fail"', "--follow"]);
    expect(failed.code).toBe(7);
    expect(failed.stdout).toMatch(/order fail\n[\s\S]*failed\nTypeError: /);
    const id = /inv_\w+/.exec(failed.stderr)?.[0] ?? "";
    const retried = await json("executions", "retry", id, "--from", "failed-step");
    expect(retried.executionId).not.toBe(id);
    expect((await run(["executions", "retry", id, "--from", "here"])).code).toBe(2);
    // Steps are numbered from 1, as in the timeline.
    expect((await run(["executions", "show", id])).stdout).toMatch(/^1 ✗ fetch GET /m);
    const fork = ["executions", "fork", id, "--dry-run", "--from-step"];
    expect((await run([...fork, "2"])).stderr).toContain("no step 2");
    const answers = JSON.stringify([{ step: 1, status: 200 }]);
    expect((await run([...fork, "1", "--answers", answers])).stdout).toBe("Can be forked on version 1\n");
  });

  test("that wait can be sent events, paused, resumed and cancelled", async () => {
    const first = await json("execute", "orders", "--payload", '"wait"');
    expect((await run(["events", "send", first.executionId, "approved", '{"by":"Ada"}'])).code).toBe(0);
    await until(async () =>
      (await json("executions", "show", first.executionId)).result?.by === "Ada" ? true : undefined,
    );
    const second = (await json("execute", "orders", "--payload", '"wait"')).executionId;
    await until(async () =>
      (await json("executions", "show", second)).waitingFor.length > 0 ? true : undefined,
    );
    for (const verb of ["pause", "resume", "cancel"]) {
      expect(await run(["executions", verb, second])).toMatchObject({ code: 0 });
    }
    await until(async () =>
      (await json("executions", "show", second)).status === "cancelled" ? true : undefined,
    );
  });

  test("that have ended are deleted after a confirmation", async () => {
    const { executionId } = await json("execute", "orders", "--payload", '"rug"', "--wait");
    expect(await run(["executions", "purge", executionId])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--yes") as string,
    });
    expect(await json("executions", "purge", executionId, "--yes")).toEqual({ purged: executionId });
    expect((await run(["executions", "purge", executionId, "--yes"])).code).toBe(4);
  });

  test("are retried and deleted many at a time, by a filter", async () => {
    const many = ["--workflow", "orders", "--entry-point", "many"];
    const failing = ["execute", "orders", "--payload", '"fail"', "--entry-point", "many", "--wait"];
    for (const code of [7, 7]) expect((await run(failing)).code).toBe(code);
    expect((await run(["executions", "retry"])).stderr).toContain("No execution given");
    expect((await run(["executions", "retry", "inv_1", ...many])).code).toBe(2);
    expect((await run(["executions", "retry", ...many])).stderr).toContain("--yes");
    const retried = await json("executions", "retry", ...many, "--status", "failed", "--yes");
    expect(retried).toMatchObject({ matching: 2, succeeded: 2, refused: 0 });
    const failed = [...many, "--status", "failed", "--created", "1h"];
    await until(async () => ((await json("executions", "list", ...failed)).length === 4 ? true : undefined));
    const deleted = await run(["executions", "delete", ...failed, "--yes"]);
    expect(deleted).toMatchObject({ code: 0, stdout: "Deleted 4 of 4 matching executions\n" });
    await until(async () => ((await json("executions", "list", ...many)).length === 0 ? true : undefined));
  });

  test("continue after Ctrl-C, which prints how to find them, and after a wait timed out", async () => {
    const child = startCommand(["execute", "orders", "--payload", '"wait"', "--follow"]);
    const read = collect(child);
    const code = new Promise((resolve) => child.once("close", resolve));
    await until(() => (read().stdout.includes("order wait") ? true : undefined));
    child.kill("SIGINT");
    expect(await code).toBe(130);
    const id = /executions show (inv_\w+)/.exec(read().stderr)?.[1] ?? "";
    expect(["running", "suspended"]).toContain((await json("executions", "show", id)).status);
    await run(["executions", "cancel", id]);
    expect(await run(["execute", "orders", "--payload", '"wait"', "--wait", "1"])).toMatchObject({ code: 8 });
  });
});

describe("workflows, settings, secrets, webhooks and keys", () => {
  beforeAll(async () => {
    await deployText("kept", "export const run = () => 1;");
    await deployText("kept", "export const run = () => 2;", ["--note", "Two\nand more"]);
  });

  test("workflows are listed, shown, rolled back, and deleted after a confirmation", async () => {
    expect((await run(["workflows", "list"])).stdout).toMatch(/^kept +2 /m);
    expect((await run(["workflows", "show", "kept"])).stdout).toMatch(/^kept {2}version 2 is current$/m);
    expect(await json("workflows", "activate", "kept", "1")).toMatchObject({ version: 1, current: true });
    expect(await json("workflows", "versions", "kept")).toMatchObject([
      { version: 2, current: false, note: "Two\nand more" },
      { version: 1, current: true },
    ]);
    expect((await run(["workflows", "versions", "kept"])).stdout).toMatch(/^2 .* Two$/m);
    expect(await run(["workflows", "remove", "kept"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--yes") as string,
    });
    expect((await run(["workflows", "remove", "kept", "--yes"])).code).toBe(0);
    expect((await run(["workflows", "show", "kept"])).code).toBe(4);
  });

  test("settings are changed one by one, removed, and replaced as a whole", async () => {
    expect((await run(["settings", "show", "bounded"])).stdout).toContain("No settings");
    const set = ["settings", "set", "bounded"];
    await json(...set, "--allow", "api.stripe.com", "--allow", "*.example.com", "--limit", "memoryMib=32");
    const some = { egress: { allow: ["api.stripe.com", "*.example.com"] }, limits: { memoryMib: 32 } };
    expect(await json(...set, "--method", "GET")).toEqual({
      ...some,
      egress: { ...some.egress, methods: ["GET"] },
    });
    expect(await json(...set, "--unset", "egress.methods")).toEqual(some);
    expect((await run(["settings", "show", "bounded"])).stdout).toMatch(
      /^setting +value\negress.allow +api.stripe.com, \*.example.com\nlimits.memoryMib +32\n$/,
    );
    await writeFile(join(folder, "settings.json"), '{ "egress": { "allow": [] }, "retentionHours": 48 }');
    expect(await json(...set, "@settings.json", "--yes")).toEqual({
      egress: { allow: [] },
      retentionHours: 48,
    });
    const piped = await run([...set, "-", "--limit", "calls=5", "--json"], { input: "{}" });
    expect(JSON.parse(piped.stdout)).toEqual({ limits: { calls: 5 } });
  });

  test("settings that delete executions require a confirmation", async () => {
    const set = ["settings", "set", "fleeting", "--retention-hours"];
    expect(await run([...set, "48"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("ended more than 48 h ago? Confirm with --yes") as string,
    });
    expect(await json("settings", "show", "fleeting")).toEqual({});
    expect(await json(...set, "48", "--yes")).toEqual({ retentionHours: 48 });
    expect(await json(...set, "72")).toEqual({ retentionHours: 72 });
  });

  test.each([
    [[], "No settings given"],
    [["[]"], "not an object"],
    [["--unset", "limit"], "limits.memoryMib"],
    [["--limit", "memoryMib"], "Use the form memoryMib=32"],
    [["--limit", "memoryMib=1"], 'body "limits.memoryMib": use 16 or more'],
    [["--limit", "memory=1"], '"limits.memory" is not known here'],
    [["--retention-hours", "100000", "--yes"], "this installation retains executions for 720 hours"],
    [["--allow", "no host"], "no host"],
    [["--method", "G T"], '"G T" is no method'],
  ])("settings set rejects %j with the reason", async (args, sentence) => {
    const seen = await run(["settings", "set", "refused", ...args]);
    expect(seen).toMatchObject({ code: 2, stdout: "" });
    expect(seen.stderr).toContain(sentence);
  });

  test("webhooks are created, rotated and deleted, and their URLs are shown only once", async () => {
    await deployText("hooked", "export const run = (ctx, body) => ({ body, by: ctx.entryPoint });");
    const made = await run(["webhooks", "create", "hooked", "--entry-point", "shop"]);
    expect(made.stdout).toMatch(/^http\S+\n$/);
    const first = made.stdout.trim();
    const listed = await run(["webhooks", "list", "hooked"]);
    expect(listed.stdout).toMatch(/none +body +shop/);
    expect(listed.stdout).not.toContain(first);
    const [{ id }] = await json("webhooks", "list", "hooked");
    const { url } = await json("webhooks", "rotate", "hooked", id);
    expect([await statusOfPost(first), await statusOfPost(url)]).toEqual([404, 202]);
    expect((await run(["webhooks", "delete", "hooked", id])).code).toBe(0);
    expect(await statusOfPost(url)).toBe(404);
    expect(await run(["webhooks", "rotate", "hooked", id])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("npx duranium webhooks list") as string,
    });
  });

  test("webhooks with a signature scheme read their secret from standard input", async () => {
    const create = ["webhooks", "create", "signing", "--scheme", "github"];
    expect(await run(create)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("No secret given") as string,
    });
    expect((await run(create, { input: "it-signs-with-this\n" })).code).toBe(0);
    expect(await json("webhooks", "list", "signing")).toMatchObject([{ scheme: "github" }]);
    expect((await run(["webhooks", "create", "signing", "--scheme", "gitlab"])).code).toBe(2);
  });

  test("the audit log lists changes with their keys, newest first", async () => {
    for (const calls of [1, 2]) await json("settings", "set", "watched", "--limit", `calls=${calls}`);
    const made = await run(["keys", "create", "narrow", "--scope", "executions:run"]);
    const environment = { DURANIUM_API_KEY: made.stdout.trim() };
    expect((await run(["webhooks", "create", "watched"], { environment })).code).toBe(3);
    expect(await json("audit", "--limit", "3")).toMatchObject([
      { actor: "narrow", action: "createWebhook", status: 403 },
      { actor: "root", action: "createApiKey" },
      { actor: "root", action: "setSettings", subject: "/workflows/watched/settings", status: 200 },
    ]);
    const { stdout } = await run(["audit", "--limit", "1"]);
    expect(stdout).toMatch(/^time +actor +action .*\n\S+ \S+ +narrow +createWebhook .* 403\n$/);
  });

  test("a scheduled execution gets another time, and the overview counts it", async () => {
    await deployText("later", "export const run = () => 1;");
    const { body } = await instance.request("POST", "/workflows/later/execute?delay=PT1H", { body: null });
    const id: string = body.executionId;
    const time = new Date(Date.now() + 7 * 86_400_000).toISOString();
    const moved = await run(["executions", "reschedule", id, time]);
    expect(moved).toMatchObject({ code: 0, stdout: "Execution rescheduled\n" });
    const { stdout } = await run(["executions", "show", id]);
    expect(stdout).toMatch(new RegExp(`starts at: ${localTime(time)}`));
    expect(await json("overview")).toMatchObject({
      current: { scheduled: 1, queued: 0 },
      executors: [{ process: 1, attempts: expect.any(Number) }],
    });
    expect((await run(["overview", "--window", "PT1H"])).stdout).toMatch(/^now +.*1 scheduled/m);
    expect((await run(["overview", "--window", "P1Y"])).code).toBe(2);
    expect((await run(["executions", "cancel", id])).code).toBe(0);
  });

  test("secrets are read from standard input and never printed", async () => {
    await deployText("payer", "export const run = () => 1;");
    const set = ["secrets", "set", "payer", "STRIPE_KEY", "--host", "api.stripe.com"];
    expect((await run(set, { input: "sk_test_0123456789\n" })).code).toBe(0);
    const { stdout } = await run(["secrets", "list", "payer"]);
    expect(stdout).toMatch(/STRIPE_KEY +api\.stripe\.com/);
    expect(stdout).not.toContain("sk_test");
    expect((await run(set)).code).toBe(2);
    expect((await run(["secrets", "delete", "payer", "STRIPE_KEY"])).code).toBe(0);
    expect(await json("secrets", "list", "payer")).toEqual([]);
  });

  test("engines are imported, listed, exported and removed, and a language without one is named", async () => {
    const { bytes, digest } = await tinyEngine({ languageVersion: "3.0.7" });
    const path = join(folder, "python.engine");
    await writeFile(path, bytes);
    const imported = await run(["engines", "import", path]);
    expect(imported).toMatchObject({
      code: 0,
      stdout: `Added the Python engine 3.0.7 (${digest.slice(0, 12)})\n`,
    });
    expect((await run(["engines", "list"])).stdout).toMatch(
      /javascript \(current\).*\npython \(current\) +3\.0\.7/,
    );
    const copy = join(folder, "copy.engine");
    await run(["engines", "export", digest.slice(0, 10), "--output", copy]);
    expect(Buffer.compare(await readFile(copy), bytes)).toBe(0);
    expect(await run(["engines", "remove", digest])).toMatchObject({ code: 0 });
    const refused = await run(["engines", "import", program]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("does not begin with `duranium-engine`");
  });

  test("keys are created, shown only once, and revoked", async () => {
    const made = await run(["keys", "create", "shop", "--scope", "executions:run", "--expires", "90d"]);
    const key = made.stdout.trim();
    const listed = (await json("keys", "list")).find(({ name }: { name: string }) => name === "shop");
    expect(listed).toMatchObject({ scopes: ["executions:run"] });
    expect(JSON.stringify(listed)).not.toContain(key);
    const asShop = { environment: { DURANIUM_API_KEY: key } };
    expect(await run(["workflows", "list"], asShop)).toMatchObject({ code: 3 });
    expect((await run(["keys", "revoke", listed.id])).code).toBe(0);
    expect(await run(["execute", "orders"], asShop)).toMatchObject({ code: 3 });
  });
});

describe("schedules", () => {
  const path = "nightly";

  beforeAll(async () => {
    await deployText("scheduled", "export const run = (ctx) => ctx.schedule ?? null;");
  });

  test("are set, listed, shown, paused with a note, and resumed", async () => {
    const pattern = ["--cron", "30 2 * * *", "--time-zone", "Europe/Berlin", "--payload", '{"to":"team"}'];
    const set = await run(["schedules", "set", path, "--workflow", "scheduled", ...pattern]);
    expect(set).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Schedule nightly set\. Next run: /) as string,
    });
    expect((await run(["schedules", "list"])).stdout).toMatch(
      /^nightly +scheduled +30 2 \* \* \* \(Europe\/Berlin\) /m,
    );
    expect(await json("schedules", "list", "--workflow", "kept")).toEqual([]);
    expect((await run(["schedules", "show", path])).stdout).toMatch(
      /^Started 0, skipped 0, missed 0, waiting 0$/m,
    );
    expect(await json("schedules", "show", path)).toMatchObject({ payload: { to: "team" }, overlap: "skip" });
    const paused = await run(["schedules", "pause", path, "--note", "migration"]);
    expect(paused.stdout).toBe("Schedule nightly paused\n");
    expect((await run(["schedules", "show", path])).stdout).toMatch(/^Paused at .* by root: migration$/m);
    expect((await run(["schedules", "list"])).stdout).toMatch(/^nightly .* paused /m);
    expect((await run(["schedules", "resume", path])).stdout).toMatch(
      /^Schedule nightly resumed\. Next run: /,
    );
  });

  test("are set from a file, triggered, backfilled, and deleted after a confirmation", async () => {
    const file = join(folder, "schedule.json");
    await writeFile(
      file,
      JSON.stringify({ workflowId: "scheduled", spec: { every: "PT1H" }, overlap: "allow" }),
    );
    expect((await run(["schedules", "set", "hourly", "--file", file])).code).toBe(0);
    const triggered = await json("schedules", "trigger", "hourly");
    expect((await json("executions", "show", triggered.executionId)).schedule).toMatchObject({
      id: "hourly",
    });
    const end = new Date();
    const start = new Date(end.getTime() - 3 * 3_600_000);
    const period = ["--start", start.toISOString(), "--end", end.toISOString()];
    const filled = await json("schedules", "backfill", "hourly", ...period, "--overlap", "allow");
    expect(filled).toEqual({ started: 3, buffered: 0, skipped: 0 });
    expect(await run(["schedules", "delete", "hourly"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--yes") as string,
    });
    expect((await run(["schedules", "delete", "hourly", "--yes"])).stdout).toBe("Deleted hourly\n");
    expect((await run(["schedules", "show", "hourly"])).code).toBe(4);
    expect((await run(["schedules", "set", "wrong", "--cron", "* * * * *"])).stderr).toContain("--workflow");
  });
});

describe("the command line", () => {
  test("has help with examples for each command", async () => {
    const { stdout } = await run(["--help"]);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = ""]) => name);
    expect(commands).toContain("deploy");
    const helps = await Promise.all(
      commands.filter((name) => name !== "help").map(async (name) => await run([name, "--help"])),
    );
    for (const { code, stdout: help } of helps) {
      expect(code).toBe(0);
      expect(help).toMatch(/Examples:|Commands:/);
    }
  });

  test.each([
    [["nonsense"], 2, "unknown command"],
    [["execute"], 2, "missing required argument"],
    [["execute", "orders", "--payload", "{"], 2, "Invalid JSON in the payload"],
    [["execute", "orders", "--payload", "@nowhere.json"], 2, "Cannot read the payload"],
    [["deploy", "nowhere.ts"], 2, "File "],
    [["workflows", "list", "--url", "ftp://example.com"], 2, "Invalid server URL"],
    [["workflows", "list", "--url", "http://127.0.0.1:1"], 5, "npx duranium start"],
    [["workflows", "show", "nowhere"], 4, "npx duranium workflows list"],
    [["workflows", "show", ".."], 1, "Cannot send a request"],
  ])("%j ends with exit code %d and a message", async (args, code, sentence) => {
    const seen = await run(args);
    expect(seen.code).toBe(code);
    expect(seen.stderr).toContain(sentence);
    expect(seen.stdout).toBe("");
  });

  test("has colours if they are requested, and none in a pipe", async () => {
    const plain = await run(["executions", "list", "--workflow", "orders"]);
    expect(plain.stdout).not.toContain("\u001b");
    const coloured = await run(["executions", "list", "--workflow", "orders"], {
      environment: { FORCE_COLOR: "1" },
    });
    expect(coloured.stdout).toContain("\u001b[");
  });

  test("escapes control sequences in output of a workflow", async () => {
    const attack = "\u001b]52;c;YQ==\u0007\u001b[2J\u009b31m\u202eevil\r";
    await deployText(
      "attack",
      `export function run() { console.log(${JSON.stringify(attack)}); throw new Error(${JSON.stringify(attack)}); }`,
    );
    const { stdout, stderr } = await run(["execute", "attack", "--follow"]);
    // oxlint-disable-next-line no-control-regex -- what must not be there
    expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout).toContain("\\u001b[2J");
  });

  test("escapes control sequences in responses of a server", async () => {
    const server = createServer((_request, response) => {
      const items = [{ workflowId: "\u001b[31mred", latestVersion: 1, createdAt: "never" }];
      response.setHeader("content-type", "application/json").end(JSON.stringify({ items }));
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const args of [
        ["workflows", "list"],
        ["workflows", "list", "--json"],
      ]) {
        const { stdout } = await run([...args, "--url", url]);
        expect(stdout).toContain("\\u001b[31mred");
        expect(stdout).not.toContain("\u001b");
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("exits without an error if its output is closed", async () => {
    const child = startCommand(["executions", "list", "--json"]);
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
    expect(stderr).toBe("");
  });

  test("starts a server and exits with it", async () => {
    const [PORT, RESTATE_INGRESS_PORT, RESTATE_ADMIN_PORT, RESTATE_NODE_PORT, DURANIUM_EXECUTOR_PORT] = (
      await freePorts(5)
    ).map(String) as [string, string, string, string, string];
    const ports = {
      PORT,
      RESTATE_INGRESS_PORT,
      RESTATE_ADMIN_PORT,
      RESTATE_NODE_PORT,
      DURANIUM_EXECUTOR_PORT,
    };
    const child = startCommand(["start"], {
      environment: { ...ports, DURANIUM_DATA_DIR: join(folder, "data") },
    });
    const read = collect(child);
    const exited = new Promise((resolve) => child.once("exit", resolve));
    const closed = new Promise((resolve) => child.once("close", resolve));
    const ready = `ready: http://127.0.0.1:${PORT}`;
    const isReady = () => read().stdout.includes(ready) || child.exitCode !== null || undefined;
    await until(isReady, () => JSON.stringify(read()));
    expect(read()).toMatchObject({ stdout: expect.stringContaining(ready) as string, stderr: "" });
    child.kill("SIGINT");
    await within(exited, () => `The server does not stop: ${JSON.stringify(read())}`);
    // Its pipes are closed when everything that it started has ended as well.
    await within(closed, () => "The server has stopped, and a process that it started has not");
    expect([child.exitCode, read().stderr]).toEqual([0, ""]);
  });

  test("writes the types of workflows", async () => {
    const { files } = await json("types", "typed");
    expect(files.toSorted()).toEqual(["globals.d.ts", "workflow.d.ts"]);
    appendFileSync(join(folder, "typed/workflow.d.ts"), "stale");
    await json("types", "typed");
    expect(await readFile(join(folder, "typed/workflow.d.ts"), "utf8")).not.toContain("stale");
  });
});
