import { readFile } from "node:fs/promises";
import type { Digest } from "../../base/digest.ts";
import { digestOf } from "../../base/sha256.ts";
import { readIntlData, withDataImport } from "./passes/embedded-data.ts";
import { protocolVersion } from "./protocol-version.ts";
import { bundleBindings, bundleBuilder, bundleGuest, readWit } from "./sources.ts";
import { toolchainPackages } from "./toolchain.ts";

/** Everything that the engine of this source is built from, and its digest. */
export interface EngineInputs {
  readonly digest: Digest;
  /** The guest runtime, one module. */
  readonly guest: string;
  /** The script that connects the runtime with the WebAssembly module. */
  readonly bindings: string;
  /** The interface, with the function by which the guest reads its data. */
  readonly wit: string;
  /** The data of the guest's `Intl`. */
  readonly data: Uint8Array;
}

/**
 * Reads the inputs of the current engine. The digest can be computed without the toolchain. It covers the
 * bundled scripts, in which esbuild keeps some comments, for example those in class bodies, so it may change with
 * a comment. The inputs are read once for a build, so that the engine is built from what was digested even if a
 * file is saved in the meantime.
 */
export async function readEngineInputs(): Promise<EngineInputs> {
  const [guest, bindings, builder, wit, data, toolchain] = await Promise.all([
    bundleGuest(),
    bundleBindings(),
    bundleBuilder(),
    readWit().then(withDataImport),
    readIntlData(),
    toolchainVersions(),
  ]);
  const dataDigest = digestOf(data);
  const digest = digestOf(
    JSON.stringify({ protocolVersion, guest, bindings, builder, wit, dataDigest, toolchain }),
  );
  return { digest, guest, bindings, wit, data };
}

/** Returns the digest of the engine of this source. */
export async function engineDigest(): Promise<Digest> {
  return (await readEngineInputs()).digest;
}

/** The exact versions in `package.json`. The packages need not be installed. */
export async function toolchainVersions(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
  return Object.fromEntries(toolchainPackages.map((name) => [name, devDependencies[name] ?? "none"]));
}
