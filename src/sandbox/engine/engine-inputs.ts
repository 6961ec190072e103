import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Digest } from "../../base/digest.ts";
import { digestOf } from "../../base/sha256.ts";
import { readIntlData, withDataImport } from "./passes/embedded-data.ts";
import { protocolVersion } from "./protocol-version.ts";
import { bundleBindings, bundleBuilder, bundleGuest, bundleOwn, readWit } from "./sources.ts";
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
  /**
   * The files that these were made from, by their paths relative to the project, and those with the code that made
   * them.
   */
  readonly files: readonly string[];
}

/**
 * Reads the inputs of the current engine. The digest can be computed without the toolchain. It covers the
 * bundled scripts, in which esbuild keeps some comments, for example those in class bodies, so it may change with
 * a comment. The inputs are read once for a build, so that the engine is built from what was digested even if a
 * file is saved in the meantime.
 */
export async function readEngineInputs(): Promise<EngineInputs> {
  const [guest, bindings, builder, reader, wit, data, toolchain] = await Promise.all([
    bundleGuest(),
    bundleBindings(),
    bundleBuilder(),
    bundleOwn(fileURLToPath(import.meta.url)),
    readWit().then(withDataImport),
    readIntlData(),
    toolchainVersions(),
  ]);
  const dataDigest = digestOf(data);
  const texts = { guest: guest.text, bindings: bindings.text, wit };
  const digest = digestOf(
    JSON.stringify({
      protocolVersion,
      guest: guest.text,
      bindings: bindings.text,
      builder: builder.text,
      wit,
      dataDigest,
      toolchain,
    }),
  );
  const files = [guest, bindings, builder, reader].flatMap((bundle) => bundle.files);
  return { digest, ...texts, data, files: [...new Set([...files, ...wholeFiles])] };
}

/** Files that are read as they are. */
const wholeFiles = ["wit/runtime.wit", "src/guest/platform/intl/data/intl.br", "package.json"];

/** The exact versions in `package.json`. The packages need not be installed. */
export async function toolchainVersions(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
  return Object.fromEntries(toolchainPackages.map((name) => [name, devDependencies[name] ?? "none"]));
}
