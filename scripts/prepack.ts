import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEngines } from "../src/sandbox/engine/engine-archive.ts";

/**
 * `npm pack` runs this script before it collects the files of the package. The engine is included, so that an
 * installed package needs no toolchain. The web UI is not, because it is many times as large, and the server of an
 * installation serves it.
 */
const archiveDir = fileURLToPath(new URL("../engines", import.meta.url));
const directory = fileURLToPath(new URL("../node_modules/.cache/duranium/engines", import.meta.url));

const { digest } = await openEngines({
  directory: process.env["DURANIUM_ENGINES_DIR"] ?? directory,
  archiveDir,
  onProgress: (message) => void process.stderr.write(`${message}\n`),
}).current();
// Another process may be copying the same engine under a temporary name that starts with the digest.
for (const name of await readdir(archiveDir)) {
  if (!name.startsWith(digest)) await rm(join(archiveDir, name), { recursive: true, force: true });
}
