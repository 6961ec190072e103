import { openInstalledEngines } from "../../src/sandbox/engine/added/installed-engines.ts";
import type { InstalledEngines } from "../../src/sandbox/engine/added/installed-engines.ts";
import { engineDigestOf, packEngine } from "../../src/sandbox/engine/added/engine-file.ts";
import { testEngineStore } from "./engine.ts";
import type { Instance } from "./instance.ts";
import { testPythonCore } from "./python-engine.ts";

/** Adds the Python engine of this source to an instance, over its API. Returns false where none was built. */
export async function addPythonEngine(instance: Instance): Promise<boolean> {
  const bytes = await (file ??= engineFile());
  if (bytes === undefined) return false;
  const response = await fetch(`${instance.url}/engines`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${instance.rootKey}`,
      "content-type": "application/octet-stream",
    },
    body: Uint8Array.from(bytes),
  });
  if (response.status !== 201)
    throw new Error(`POST /engines answered ${response.status}: ${await response.text()}`);
  return true;
}

let file: Promise<Uint8Array | undefined> | undefined;

async function engineFile(): Promise<Uint8Array | undefined> {
  const python = await testPythonCore();
  return python && (await packEngine({ language: "python", ...python })).bytes;
}

/** JavaScript's engine and Python's, for tests without an instance. */
export async function testEngines(): Promise<InstalledEngines> {
  const python = await (file ??= engineFile());
  const digest = python && engineDigestOf(python);
  return openInstalledEngines(testEngineStore(), {
    currentOf: async (language) => (language === "python" ? digest : undefined),
    read: async (wanted) => (wanted === digest ? python : undefined),
  });
}
