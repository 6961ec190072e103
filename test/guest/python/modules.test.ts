import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { describePython, playPython as play } from "./python-runner.ts";

const page = fileURLToPath(new URL("../../../docs/reference/python-modules.md", import.meta.url));

/** Imports every public module of the standard library, and returns the error of each, or nothing. */
const importAll = `
import importlib, sys

async def run(ctx, payload):
    found = {}
    for name in sorted(sys.stdlib_module_names):
        if name.startswith("_") or name in ("this", "antigravity"):
            continue
        try:
            importlib.import_module(name)
            found[name] = None
        except ImportError as error:
            found[name] = str(error)
    return found
`;

describePython("the modules of Python's standard library", () => {
  test("the reference lists which can be imported (vitest --update writes it)", async () => {
    const { result } = play(importAll);
    await expect(pageOf(result as Record<string, string | null>)).toMatchFileSnapshot(page);
  });
});

function pageOf(found: Readonly<Record<string, string | null>>): string {
  const names = Object.keys(found);
  const available = names.filter((name) => found[name] === null);
  const missing = names.filter((name) => found[name] !== null);
  return `<!-- Written by \`vitest run test/guest/python/modules.test.ts --update\` from the Python engine. -->

# Python modules

Modules of the standard library that a [Python workflow](../guides/python.md) can import: ${available.length} of ${names.length}.
Some of them have parts that a workflow cannot use, such as sockets. These raise an \`UnavailableError\` that names what to use
instead.

${available.map((name) => `\`${name}\``).join(", ")}

## Not available

${missing.map((name) => `- \`${name}\`: ${reasonOf(found[name] ?? "")}`).join("\n")}
`;
}

function reasonOf(message: string): string {
  const [, reason] = /in a workflow: (.+)$/.exec(message) ?? [];
  return reason ?? "not part of the engine";
}
