import { createEngineStore } from "./engine-store.ts";

/**
 * `node src/sandbox/engine/build-engine.ts <directory>` builds the engine of this source into a directory
 * of engines, unless it is there, and prints its digest: for the build stage of an image.
 */
const directory = process.argv[2];
if (directory === undefined) throw new Error("Name the directory to build into");
const onProgress = (message: string): void => void process.stderr.write(`${message}\n`);
const engine = await createEngineStore({ directory, onProgress }).current();
process.stdout.write(`${engine.digest}\n`);
