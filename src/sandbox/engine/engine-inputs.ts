import { readFile } from "node:fs/promises";
import { digestOf } from "../../domain/digest.ts";
import type { Digest } from "../../domain/ids.ts";
import { readIntlData, withDataImport } from "./passes/embedded-data.ts";
import { protocolVersion } from "./protocol-version.ts";
import { bundleBindings, bundleBuilder, bundleGuest, readWit } from "./sources.ts";
import { toolchainPackages } from "./toolchain.ts";

/** What the engine of this source is made of, and the digest of it all. */
export interface EngineInputs {
  readonly digest: Digest;
  /** The guest runtime, one module. */
  readonly guest: string;
  /** What lies between it and the WebAssembly module, a script. */
  readonly bindings: string;
  /** The interface, with the function by which the guest reads its data. */
  readonly wit: string;
  /** The data of the guest's `Intl`. */
  readonly data: Uint8Array;
}

/**
 * Known where no engine can be built, and the same when only a comment changes. Read once for a build: the
 * engine is made of what was digested, even when a file is saved in the meantime.
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

/** The digest of the engine that this source makes. */
export async function engineDigest(): Promise<Digest> {
  return (await readEngineInputs()).digest;
}

/** As `package.json` pins them, exactly; they need not be installed. */
export async function toolchainVersions(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
  return Object.fromEntries(toolchainPackages.map((name) => [name, devDependencies[name] ?? "none"]));
}
