import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testTimeoutMs } from "../../../test/support/time-limits.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../../domain/errors.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import { decodeImage } from "../instances/image.ts";
import { loadTestEngine } from "../testing/images.ts";
import { openTestSandbox } from "../testing/sandbox.ts";
import type { TestSandbox } from "../testing/sandbox.ts";

const source = `
const rates: Record<string, number> = { de: 0.19, fr: 0.2 };
export async function run(ctx: { entryPoint?: string }, order: { country: string; total: number }) {
  return order.total * (1 + (rates[order.country] ?? 0));
}
`;

describe("a compiler", () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    const limits = { ...defaultExecutionLimits, turnFuel: 5e9 };
    sandbox = await openTestSandbox({ limits, evaluationTimeoutMs: testTimeoutMs });
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  test("a compiler stores image, bundle and source map, and returns their sizes and durations", async () => {
    const compiled = await sandbox.compile(source);
    const engine = await sandbox.engines.current();
    expect(compiled).toMatchObject({ engineDigest: engine.digest, protocolVersion: engine.protocolVersion });
    const [image, bundle, sourceMap] = await Promise.all(
      [compiled.imageDigest, compiled.bundleDigest, compiled.sourceMapDigest].map((digest) =>
        sandbox.artifacts.get(digest),
      ),
    );
    const decoded = await decodeImage(image ?? new Uint8Array(), await loadTestEngine());
    expect(compiled.sizes).toEqual({
      sourceBytes: source.length,
      bundleBytes: bundle?.length,
      imageBytes: image?.length,
      imagePages: decoded.pageOffsets.length,
    });
    expect(JSON.parse(new TextDecoder().decode(sourceMap))).toMatchObject({ sources: ["workflow.ts", null] });
    expect(Object.values(compiled.timings).every((ms) => ms > 0)).toBe(true);
  });

  test("an image of a small workflow takes less than 200 KiB", async () => {
    const { sizes } = await sandbox.compile(source.repeat(1) + "// a line\n".repeat(30));
    expect(sizes.imageBytes).toBeLessThan(200 * 1024);
  });

  test("the same source gives the same artifacts, also in another process", async () => {
    const { timings: _, ...first } = await sandbox.compile(source);
    const { timings: __, ...again } = await sandbox.compile(source);
    expect(again).toEqual(first);
    const { timings: ___, ...elsewhere } = await compileElsewhere(source);
    expect(elsewhere).toEqual(first);
  });

  test("a different source gives different artifacts", async () => {
    const first = await sandbox.compile(source);
    const other = await sandbox.compile(source.replace("0.19", "0.16"));
    expect(other.imageDigest).not.toBe(first.imageDigest);
  });

  test.each<[string, ErrorCode, string, Partial<Diagnostic>]>([
    [
      "a syntax error",
      "compile-failed",
      "export function run() {\n  return 'é' + ;\n}",
      { line: 2, column: 16, lineText: "  return 'é' + ;" },
    ],
    [
      "a top level that throws",
      "evaluation-failed",
      "interface Unused {}\n\nfunction boom(): never { throw new TypeError('no é') }\nboom();\nexport function run() {}",
      { message: "TypeError: no é", line: 3, column: 32 },
    ],
    [
      "a top level that compiles WebAssembly",
      "evaluation-failed",
      "export const compiled = new WebAssembly.Module(new Uint8Array());\nexport function run() {}",
      {
        message: "ReferenceError: WebAssembly is not defined",
        hint: "The sandbox has no WebAssembly: import a package in plain JavaScript, or a build of this one without WebAssembly",
      },
    ],
    [
      "a top level that starts a thread",
      "evaluation-failed",
      "export const thread = new (globalThis as any).Worker('a.js');\nexport function run() {}",
      {
        hint: "The sandbox has no Worker: a workflow has one thread, and calls other workflows with ctx.call",
      },
    ],
    [
      "a top level that looks for what is bundled in a text of code",
      "evaluation-failed",
      "export const fs = new Function('return require(\"fs\")')();\nexport function run() {}",
      {
        message: "ReferenceError: require is not defined",
        hint: "The sandbox has no require: a text that eval or new Function takes sees only globals, so give it this as an argument",
      },
    ],
    [
      "a top level that throws no error",
      "evaluation-failed",
      "throw 'just a string';\nexport function run() {}",
      { message: "Error: just a string" },
    ],
    [
      "a top level that fetches",
      "evaluation-failed",
      "\nfetch('https://example.com');\nexport function run() {}",
      { line: 2 },
    ],
    [
      "a top level that fills the memory with objects",
      "evaluation-out-of-memory",
      "const all: unknown[] = [];\nfor (;;) all.push(new Array(1000).fill(all));\nexport function run() {}",
      {},
    ],
    [
      "a top level that fills the memory with bytes",
      "evaluation-out-of-memory",
      "const all: unknown[] = [];\nfor (;;) all.push(new Uint8Array(1024 * 1024));\nexport function run() {}",
      {},
    ],
    [
      "a top level that recurses without end",
      "evaluation-failed",
      "function deeper(): void { deeper() }\ndeeper();\nexport function run() {}",
      { line: 1, message: "RangeError: too much recursion" },
    ],
    [
      "a schedule with a pattern that cannot be read",
      "invalid-declaration",
      'export function run() {}\nexport const schedules = [{ cron: ["0 9 * * *", "0 25 * * *"] }];',
      {
        message: 'schedules[0].cron[1]: "0 25 * * *" is not a cron pattern: Invalid value for hour: 25',
        file: "workflow.ts",
        line: 2,
      },
    ],
    [
      "a schedule with a misspelled member",
      "invalid-declaration",
      'export function run() {}\nexport const schedules = [{ every: "5m", timezone: "Europe/Berlin" }];',
      { message: 'schedules[0]: Unrecognized key: "timezone"' },
    ],
    [
      "two schedules of one name",
      "invalid-declaration",
      'export function run() {}\nexport const schedules = [{ every: "5m", entryPoint: "a" }, { every: "6m", entryPoint: "a" }];',
      { message: 'schedules[1].name: Two schedules have the name "a". Give each a `name` of its own' },
    ],
    [
      "a schedule whose member throws",
      "evaluation-failed",
      "export function run() {}\nexport const schedules = [{ get cron() { throw new RangeError('no'); } }];",
      { message: "RangeError: no", line: 2 },
    ],
    [
      "schedules that are larger than the limit",
      "evaluation-failed",
      "export function run() {}\nexport const schedules = [{ every: '5m', payload: 'a'.repeat(65_536) }];",
      { message: expect.stringContaining("the limit is 65536") as string },
    ],
    ["no run", "missing-run", "export const walk = 1;", { file: "workflow.ts" }],
    ["a run that is no function", "missing-run", "export const run = 1;", { file: "workflow.ts" }],
    [
      "a run that is missing from what CommonJS exports",
      "missing-run",
      "module.exports = { walk() {} };",
      { file: "workflow.ts" },
    ],
  ])("%s fails with %s, the place and a hint", async (_, code, text, diagnostic) => {
    const error = await refusalOf({ entry: "workflow.ts", files: { "workflow.ts": text } });
    expect(error.code).toBe(code);
    expect(error.status).toBe(422);
    expect(error.diagnostics[0]).toMatchObject(diagnostic);
    expect(error.diagnostics[0]?.hint).toBeTruthy();
  });

  test.each([
    ["a top level that never ends", "for (;;);\nexport function run() {}"],
    [
      "a top level whose promises never end",
      "const again = () => { Promise.resolve().then(again); };\nagain();\nexport function run() {}",
    ],
  ])("%s fails with evaluation-out-of-fuel, the limit and a hint", async (_, text) => {
    const limits = { ...defaultExecutionLimits, turnFuel: 5e8 };
    await using thrifty = await openTestSandbox({ limits, evaluationTimeoutMs: testTimeoutMs });
    const error = await refusalOf({ entry: "workflow.ts", files: { "workflow.ts": text } }, thrifty);
    expect([error.code, error.status]).toEqual(["evaluation-out-of-fuel", 422]);
    expect(error.diagnostics[0]).toMatchObject({
      message: "The top level of the workflow exceeded its fuel of 500,000,000 (turnFuel)",
      hint: expect.stringMatching(/./),
    });
  });

  test("the exports schedules and flow are read, and leave no trace in the image", async () => {
    const declared = `export const schedules = [
      { cron: "0 9 * * 1-5", timeZone: "Europe/Berlin", entryPoint: "report", payload: { to: "all" } },
      { every: "PT5M", overlap: "buffer-one" },
    ];
    export const flow = { concurrency: { total: 3 } };`;
    const text = `${declared}\nexport function run() {}`;
    const compiled = await sandbox.compile(text);
    expect(compiled.declarations).toEqual({
      schedules: [
        {
          name: "report",
          definition: {
            spec: { cron: ["0 9 * * 1-5"], timeZone: "Europe/Berlin" },
            entryPoint: "report",
            payload: { to: "all" },
          },
        },
        { name: "2", definition: { spec: { every: "PT5M" }, overlap: "buffer-one" } },
      ],
      flow: { concurrency: { total: 3 } },
    });
    expect((await sandbox.compile(source)).declarations).toBeUndefined();
  });

  test("an error is mapped to the file that threw, with its line", async () => {
    const error = await refusalOf({
      entry: "workflow.ts",
      files: {
        "workflow.ts": 'import { rate } from "./lib/rates.ts";\nexport const run = () => rate("de");\n',
        "lib/rates.ts":
          "type Country = string;\nexport const rate = (country: Country) => country;\nrate(missing);\n",
      },
    });
    expect(error.diagnostics[0]).toMatchObject({
      message: "ReferenceError: missing is not defined",
      file: "lib/rates.ts",
      line: 3,
      lineText: "rate(missing);",
    });
  });

  test("an evaluation times out in wall-clock time while other workflows are compiled", async () => {
    const limits = { ...defaultExecutionLimits, turnFuel: 1e15, executionFuel: 1e15 };
    await using patient = await openTestSandbox({ limits, evaluationTimeoutMs: 2_000 });
    const hanging = expect(patient.compile("for (;;);\nexport function run() {}")).rejects.toMatchObject({
      code: "evaluation-timeout",
    });
    await expect(patient.compile(source)).resolves.toBeDefined();
    await hanging;
  });

  test("the artifacts do not depend on the fuel limit", async () => {
    const limits = { ...defaultExecutionLimits, turnFuel: 1e9, memoryPages: 512 };
    await using thrifty = await openTestSandbox({ limits });
    const { imageDigest } = await thrifty.compile(source);
    expect(imageDigest).toBe((await sandbox.compile(source)).imageDigest);
  });

  test("a top level whose image exceeds the limit is refused with a hint", async () => {
    const text = `const kept = new Uint32Array(7 << 20);
      for (let n = 0, x = 1; n < kept.length; n++) kept[n] = (x ^= x << 13, x ^= x >>> 17, x ^= x << 5);
      export const run = () => kept.length;`;
    const limits = { ...defaultExecutionLimits, turnFuel: 1e12 };
    await using generous = await openTestSandbox({ limits, evaluationTimeoutMs: testTimeoutMs });
    const workflow = { entry: "workflow.js", files: { "workflow.js": text } };
    const error: unknown = await generous.compiler.compile(workflow).catch((thrown: unknown) => thrown);
    if (!(error instanceof DuraniumError)) throw new Error("The compiler took it", { cause: error });
    expect(error.code).toBe("evaluation-out-of-memory");
    expect(error.message).toMatch(/leaves [23]\d\.\d MiB of values behind, .* limit is 24\.0 MiB/);
    expect(error.diagnostics[0]?.hint).toContain("run(ctx, payload)");
  });

  test("a source that crashes the bundler is refused with a hint, and the compiler survives", async () => {
    const nested = `${"(".repeat(1_500_000)}1`;
    const error = await refusalOf({ entry: "workflow.js", files: { "workflow.js": nested } });
    expect(error.code).toBe("compile-failed");
    expect(error.diagnostics[0]?.hint).toContain("nested");
    await expect(sandbox.compile(source)).resolves.toBeDefined();
  });

  test("a closed compiler rejects compilations", async () => {
    const closed = await openTestSandbox();
    await closed[Symbol.asyncDispose]();
    await expect(closed.compile(source)).rejects.toMatchObject({ code: "worker-lost" });
  });

  async function refusalOf(workflow: WorkflowSource, { compiler } = sandbox): Promise<DuraniumError> {
    const error: unknown = await compiler.compile(workflow).catch((thrown: unknown) => thrown);
    if (error instanceof DuraniumError) return error;
    throw new Error("The compiler took it", { cause: error });
  }
});

async function compileElsewhere(text: string): Promise<Record<string, unknown>> {
  const script = fileURLToPath(new URL("../testing/compile-and-print.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, text]);
  return JSON.parse(stdout) as Record<string, unknown>;
}
