import { createEngineStore } from "./engine-store.ts";

/**
 * `node src/sandbox/engine/build-engine.ts <directory>` builds the engine of this source into a directory of
 * engines, unless it is already there, and prints its digest. Used in the build stage of container images.
 */
const directory = process.argv[2];
if (directory === undefined) throw new Error("Usage: node src/sandbox/engine/build-engine.ts <directory>");
const onProgress = (message: string): void => void process.stderr.write(`${message}\n`);
const engine = await createEngineStore({ directory, onProgress }).current();
process.stdout.write(`${engine.digest}\n`);
