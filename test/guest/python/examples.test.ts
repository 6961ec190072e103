import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonValue } from "../../../src/base/json.ts";
import { digestOf } from "../../../src/base/sha256.ts";
import { readPythonProject } from "../../../src/cli/python/read-python-project.ts";
import type { PreviewSource, PreviewState } from "../../../src/preview/contract/preview.ts";
import { createNodePreview } from "../../../src/preview/node-preview.ts";
import type { NodePreview } from "../../../src/preview/node-preview.ts";
import { protocolVersion } from "../../../src/sandbox/engine/protocol-version.ts";
import { testEnginesDirectory } from "../../support/engine.ts";
import { testPythonCore } from "../../support/python-engine.ts";
import { startTarget } from "../../support/target.ts";

const python = await testPythonCore();

describe.skipIf(python === undefined)("workflows in Python, previewed as the command line does", () => {
  let preview: NodePreview;
  beforeAll(async () => {
    const core = python?.core ?? new Uint8Array();
    const engine = { language: "python", digest: digestOf(core), protocolVersion, core } as const;
    preview = await createNodePreview({
      enginesDir: testEnginesDirectory,
      engine,
      egressAllow: "127.0.0.1:*",
    });
  });
  afterAll(async () => await preview?.[Symbol.asyncDispose]());

  async function ended(
    source: PreviewSource,
    payload: JsonValue,
    entryPoint?: string,
  ): Promise<PreviewState> {
    const point = entryPoint === undefined ? {} : { entryPoint };
    using run = await preview.run(source, {
      workflowId: "example",
      payload,
      clock: "skip",
      network: "direct",
      ...point,
    });
    return await run.ended;
  }

  test("the order flow checks stock, charges and ships, and refunds by entry point", async () => {
    await using shop = await startTarget({
      "GET /stock/tea": () => ({ available: 5 }),
      "POST /payments": () => ({ id: "p-1" }),
      "POST /shipments": () => ({ tracking: "t-1" }),
      "POST /refunds": () => ({ id: "r-1" }),
    });
    const order = { shop: shop.url, orderId: "o-1", items: [{ sku: "tea", quantity: 2 }] };
    const source = await example("order_flow");
    const shipped = await ended(source, order, "order-created");
    expect(shipped.result).toEqual({ orderId: "o-1", state: "shipped", payment: "p-1", tracking: "t-1" });
    const refunded = await ended(source, order, "order-cancelled");
    expect(refunded.result).toEqual({ orderId: "o-1", state: "refunded", refund: "r-1" });
    const { failure } = await ended(source, order, "order-eaten");
    expect(failure).toMatchObject({ name: "ValueError", message: "Unknown entry point 'order-eaten'" });
    expect(failure?.stack).toContain("at run (order_flow.py:15:");
  });

  test("the reminder waits between its e-mails, on the virtual clock", async () => {
    await using mailer = await startTarget({
      "GET /invoices/ada": () => ({ paid: false }),
      "POST /mail": () => null,
    });
    const payload = { mailer: mailer.url, customer: "ada", every: "3d", reminders: 2 };
    const { result } = await ended(await example("reminder"), payload);
    expect(result).toMatchObject({ paid: false, sent: 2 });
    expect((result as { readonly waitedMs: number }).waitedMs).toBeGreaterThanOrEqual(6 * 86_400_000);
    expect(mailer.count("POST /mail")).toBe(2);
  });

  test("the fan-out measures pages, and a failed page does not fail the others", async () => {
    await using pages = await startTarget({ "GET /a": () => "page", "GET /b": () => "longer page" });
    const urls = ["a", "b", "missing"].map((name) => `${pages.url}/${name}`);
    const { result } = await ended(await example("fan_out"), { urls });
    expect(result).toMatchObject({
      pages: 2,
      largest: `${pages.url}/b`,
      failed: [{ url: `${pages.url}/missing` }],
    });
  });

  test("the import retries unreliable services", async () => {
    let failures = 0;
    await using services = await startTarget({
      "GET /records": () => [{ id: 1 }, { id: 2 }],
      "POST /records": (_request, response) => {
        if (failures++ < 2) response.statusCode = 503;
        return null;
      },
    });
    const url = `${services.url}/records`;
    const { result } = await ended(await example("flaky_import"), { source: url, target: url });
    expect(result).toEqual({ imported: 2 });
    expect(services.count("POST /records")).toBe(4);
  });

  test("packages, their data files and their metadata are read as in an environment", async () => {
    const folder = await mkdtemp(join(tmpdir(), "python-packages-"));
    const site = "vendor/";
    const info = "my_tools-1.2.dist-info";
    const installed = {
      "tools/__init__.py": "from ._fast import speed\n",
      "tools/_fast.py": "try:\n    from ._native import speed\nexcept ImportError:\n    speed = 'pure'\n",
      "tools/_native.cpython-313-x86_64-linux-gnu.so": "ELF",
      "tools/text.txt": "héllo 🎉",
      "tools/data.bin": Uint8Array.of(0, 255, 1),
      "other_tools.py": "name = __name__\n",
      [`${info}/METADATA`]: "Metadata-Version: 2.1\nName: my-tools\nVersion: 1.2\n\nAbout\n",
      [`${info}/entry_points.txt`]: "[tools.plugins]\nother = other_tools:name\n",
    };
    const record = Object.keys(installed).map((path) => `${path},,\n`);
    const files = { ...installed, [`${info}/RECORD`]: record.join("") };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, site, path)), { recursive: true });
      await writeFile(join(folder, site, path), content);
    }
    await writeFile(join(folder, "flow.py"), usesPackages);
    const source = readPythonProject(join(folder, "flow.py"), {
      packages: [join(folder, site)],
      excluded: [],
      variables: {},
    });
    const { result, failure } = await ended(source, null);
    expect(failure).toBeUndefined();
    expect(result).toEqual([
      "pure",
      "héllo 🎉",
      [0, 255, 1],
      "1.2",
      "other_tools",
      "héllo 🎉",
      "site-packages/tools/text.txt",
    ]);
    await rm(folder, { recursive: true });
  });
});

async function example(name: string): Promise<PreviewSource> {
  const entry = `${name}.py`;
  const text = await readFile(new URL(`../../../examples/python/${entry}`, import.meta.url), "utf8");
  return { entry, files: { [entry]: text } };
}

const usesPackages = `import importlib.metadata
import importlib.resources

import tools


async def run(ctx, payload):
    files = importlib.resources.files("tools")
    (plugin,) = importlib.metadata.entry_points(group="tools.plugins")
    with importlib.resources.as_file(files / "text.txt") as path, open(path) as file:
        opened = file.read()
    return [
        tools.speed,
        (files / "text.txt").read_text(encoding="utf-8"),
        list((files / "data.bin").read_bytes()),
        importlib.metadata.version("my-tools"),
        plugin.load(),
        opened,
        str(path),
    ]
`;
