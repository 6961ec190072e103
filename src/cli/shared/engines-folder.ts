import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Cli } from "./cli.ts";

/** The folder of engines: that of the environment, of the project's data, or of this release. */
export function enginesFolder({ environment, folder }: Cli): string {
  const given = environment["DURANIUM_ENGINES_DIR"];
  if (given !== undefined && given !== "") return resolve(folder, given);
  const candidates = [join(folder, "data/engines"), join(release, "engines"), join(release, "data/engines")];
  return candidates.find((path) => existsSync(path)) ?? join(release, "node_modules/.cache/duranium/engines");
}

const release = fileURLToPath(new URL("../../..", import.meta.url));
