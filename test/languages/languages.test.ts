import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute, startExecution, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { testPythonCore } from "../support/python-engine.ts";
import { addPythonEngine } from "../support/python-instance.ts";
import { lowLimits, outcomeIn, testedLanguages } from "./behaviour.ts";
import type { Behaviour, TestedLanguage } from "./behaviour.ts";
import { behaviours } from "./behaviours.ts";
import { sourceOf } from "./workflow.ts";
import { openWorld } from "./world.ts";
import type { World } from "./world.ts";

const isPythonBuilt = (await testPythonCore()) !== undefined;

/**
 * The same behaviours in every language, on one instance. The runner's project `replayed` runs them with every await
 * ending the attempt, so that each is also the behaviour of a replay.
 */
describe("workflows of every language", () => {
  let instance: Instance;
  let world: World;
  beforeAll(async () => {
    instance = await sharedInstance();
    await addPythonEngine(instance);
    world = await openWorld(instance);
    await deploySource("languages-child", { entry: "child.ts", files: { "child.ts": child } });
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await instance?.[Symbol.asyncDispose]();
  });

  async function deploySource(workflow: string, body: object): Promise<void> {
    const answer = await instance.request("POST", `/workflows/${workflow}/deploy`, { body });
    expect([answer.status, answer.body.diagnostics]).toEqual([201, undefined]);
  }

  describe.each(testedLanguages)("in %s", (language) => {
    // One notice for all says why they are skipped.
    const supported = test.skipIf(language === "python" && !isPythonBuilt);
    beforeAll(async () => {
      if (language === "python" && !isPythonBuilt) return;
      const source = sourceOf(language, behaviours);
      for (const workflow of [`languages-${language}`, `languages-${language}-low`]) {
        await deploySource(workflow, source);
        await instance.request("PUT", `/workflows/${workflow}/secrets/API_KEY`, {
          body: { value: "sk-1234567890", hosts: [world.target.url] },
        });
      }
      const settings = { body: { limits: lowLimits } };
      const { status } = await instance.request(
        "PUT",
        `/workflows/languages-${language}-low/settings`,
        settings,
      );
      expect(status).toBe(200);
    });

    supported.concurrent.each(behaviours.map((behaviour) => [behaviour.title, behaviour] as const))(
      "%s",
      async (_, behaviour) => await exhibit(world, language, behaviour),
    );

    supported("the module's schedules and flow are declared", async () => {
      const workflow = `languages-declared-${language}`;
      await deploySource(workflow, { ...declaring[language] });
      const schedule = async () => await instance.request("GET", `/schedules/${workflow}.nightly`);
      await expect.poll(async () => (await schedule()).status).toBe(200);
      const first = await startExecution(instance, workflow);
      await until(instance, first, ({ steps }) => steps.length > 0);
      expect(await execute(instance, workflow)).toMatchObject({ status: "skipped" });
      await instance.request("POST", `/executions/${first}/cancel`);
      expect(await untilEnded(instance, first)).toMatchObject({ status: "cancelled" });
    });

    supported.each(rejected.map((each) => [each.title, each] as const))("a deploy: %s", async (_, each) => {
      const { source, diagnostic } = each[language];
      const answer = await instance.request("POST", `/workflows/languages-bad/deploy`, { body: source });
      expect(answer.status).toBe(422);
      expect(answer.body.diagnostics[0]).toMatchObject(diagnostic);
    });
  });
});

async function exhibit(world: World, language: TestedLanguage, behaviour: Behaviour): Promise<void> {
  const { instance, target } = world;
  const workflow = `languages-${language}${behaviour.hasLowLimits === true ? "-low" : ""}`;
  const name = `${behaviour.name}-${language}`;
  const answer = await instance.request(
    "POST",
    `/workflows/${workflow}/execute?entry-point=${behaviour.name}`,
    {
      body: { url: target.url, name },
    },
  );
  const { executionId } = answer.body;
  expect(answer.status).toBe(202);
  await behaviour.act?.(world, executionId, name);
  const detail = await untilEnded(instance, executionId);
  const { status, result, failure } = detail;
  const expected = outcomeIn(behaviour, language);
  expect(status, JSON.stringify(failure ?? result)).toBe(expected.status);
  expect({ status, result, failure }).toMatchObject(expected);
  await behaviour.check?.(world, detail, name);
}

const child = `export async function run(ctx, payload) {
  if (payload === "fail") throw new RangeError("too much");
  return { entryPoint: ctx.entryPoint ?? null, payload };
}`;

const declaring = {
  typescript: {
    entry: "workflow.ts",
    files: {
      "workflow.ts": `export const schedules = [{ name: "nightly", cron: "0 3 1 1 *", timeZone: "Europe/Berlin" }];
export const flow = { singleton: { mode: "skip" } };
export const run = (ctx) => ctx.sleep("1h");`,
    },
  },
  python: {
    entry: "workflow.py",
    files: {
      "workflow.py": `schedules = [{"name": "nightly", "cron": "0 3 1 1 *", "timeZone": "Europe/Berlin"}]
flow = {"singleton": {"mode": "skip"}}

async def run(ctx, payload):
    await ctx.sleep("1h")
`,
    },
  },
} as const;

function file(path: string, text: string): object {
  return { entry: path, files: { [path]: text } };
}

const rejected = [
  {
    title: "a syntax error has its place",
    typescript: {
      source: file("flow.ts", "export async function run(ctx) {\n  return (1 + ;\n}"),
      diagnostic: { file: "flow.ts", line: 2 },
    },
    python: {
      source: file("flow.py", "async def run(ctx, payload):\n    return (1 +\n"),
      diagnostic: { file: "flow.py", line: 2 },
    },
  },
  {
    title: "a workflow without run is refused",
    typescript: {
      source: file("flow.ts", "export const x = 1;"),
      diagnostic: { message: expect.stringContaining("run") },
    },
    python: { source: file("flow.py", "x = 1\n"), diagnostic: { message: expect.stringContaining("run") } },
  },
  {
    title: "a failure of the top level has its place",
    typescript: {
      source: file("flow.ts", "\nnull.x;\nexport async function run() {}"),
      diagnostic: { file: "flow.ts", line: 2 },
    },
    python: {
      source: file("flow.py", "\nNone.x\nasync def run(ctx): pass\n"),
      diagnostic: { file: "flow.py", line: 2 },
    },
  },
  {
    title: "operations are refused at the top level",
    typescript: {
      source: file("flow.ts", 'await fetch("https://a.test/");\nexport async function run() {}'),
      diagnostic: { message: expect.stringContaining("top level"), line: 1 },
    },
    python: {
      source: file(
        "flow.py",
        'from duranium import fetch\nfetch("https://a.test/").send(None)\nasync def run(ctx): pass\n',
      ),
      diagnostic: { message: expect.stringContaining("run()"), line: 2 },
    },
  },
] as const;
