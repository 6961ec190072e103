import { readFile } from "node:fs/promises";
import { digestOf } from "../../domain/digest.ts";
import type { Digest } from "../../domain/ids.ts";
import { protocolVersion } from "../protocol-version.ts";
import { bundleBuilder, bundleGuest, readWit } from "./sources.ts";
import { toolchainPackages } from "./toolchain.ts";

/**
 * The digest of the engine that this source makes: of all that goes into it. It is known where no engine
 * can be built, and it stays the same when a comment changes.
 */
export async function engineDigest(): Promise<Digest> {
  const [guest, builder, wit, toolchain] = await Promise.all([
    bundleGuest(),
    bundleBuilder(),
    readWit(),
    toolchainVersions(),
  ]);
  return digestOf(JSON.stringify({ protocolVersion, guest, builder, wit, toolchain }));
}

/** As `package.json` pins them, exactly; they need not be installed. */
export async function toolchainVersions(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
  return Object.fromEntries(toolchainPackages.map((name) => [name, devDependencies[name] ?? "none"]));
}
